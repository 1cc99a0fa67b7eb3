package io.tickstorm.proxy.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A short name for a text of configuration: whoever wrote it finds out by it who has taken it over. */
public final class ConfigHash {
    /** 64 bits: enough to tell the texts of one file apart, and short enough to be read by people. */
    private static final int BYTES = 8;

    private ConfigHash() {}

    /** The first 16 hexadecimal digits of the SHA-256 of the text in UTF-8. */
    public static String of(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
