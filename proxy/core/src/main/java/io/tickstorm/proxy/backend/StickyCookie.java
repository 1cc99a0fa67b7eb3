package io.tickstorm.proxy.backend;

import io.tickstorm.proxy.endpoint.EndpointId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The cookie that brings a client back to its upstream: the pod's UID (its address, if it has none) and a signature, so
 * that nobody chooses a pod for himself or probes for their names. Any thread.
 *
 * <p>The signature is HMAC-SHA256 (RFC 2104). The first secret signs, all are recognised: so one is exchanged for another
 * without a client losing its place.
 */
public final class StickyCookie {
    private static final String ALGORITHM = "HmacSHA256";
    // 128 bits if it is Base64 of random bytes and a little longer; less could be guessed from one cookie, offline.
    private static final int SHORTEST_SECRET = 16;

    private final StickinessSettings.Cookie settings;
    private final List<SecretKeySpec> keys;

    /**
     * With the secrets of its file, one a line; empty lines are left out.
     *
     * @throws IllegalArgumentException if the file cannot be read, or a secret is too short; without the secrets
     */
    static StickyCookie of(StickinessSettings.Cookie settings) {
        List<String> secrets;
        try (var lines = Files.lines(Path.of(settings.secretFile()))) {
            secrets = lines.map(String::strip).filter(line -> !line.isEmpty()).toList();
        } catch (IOException | UncheckedIOException unreadable) {
            throw new IllegalArgumentException(
                    "stickiness.secretFile: " + settings.secretFile() + " (expected: a file of text that can be read)",
                    unreadable);
        }
        if (secrets.isEmpty() || secrets.stream().anyMatch(secret -> secret.length() < SHORTEST_SECRET)) {
            throw new IllegalArgumentException("stickiness.secretFile: " + settings.secretFile()
                    + " (expected: lines of at least " + SHORTEST_SECRET + " characters)");
        }
        return new StickyCookie(settings, secrets);
    }

    /** @param secrets at least one, none empty */
    StickyCookie(StickinessSettings.Cookie settings, List<String> secrets) {
        this.settings = settings;
        this.keys = secrets.stream()
                .map(secret -> new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM))
                .toList();
    }

    /** The name of the cookie. */
    public String name() {
        return settings.name();
    }

    /** The value that names this upstream. */
    public String value(EndpointId upstream) {
        var name = name(upstream);
        return name + '.' + signature(name, keys.getFirst());
    }

    /** What {@link Attempts} takes as the target; null if we have not signed this value. */
    public @Nullable String target(String value) {
        int dot = value.lastIndexOf('.');
        if (dot <= 0) {
            return null;
        }
        var name = value.substring(0, dot);
        var given = value.substring(dot + 1).getBytes(StandardCharsets.UTF_8);
        for (var key : keys) {
            // In a time that does not tell how much of it was right.
            if (MessageDigest.isEqual(signature(name, key).getBytes(StandardCharsets.UTF_8), given)) {
                return name;
            }
        }
        return null;
    }

    /** The value of a field {@code Set-Cookie} (RFC 6265 section 4.1) that names this upstream. */
    public String setCookie(EndpointId upstream) {
        var text = new StringBuilder(settings.name())
                .append('=')
                .append(value(upstream))
                .append("; Path=/");
        if (!settings.maxAge().isZero()) {
            text.append("; Max-Age=").append(Math.max(1, settings.maxAge().toSeconds()));
        }
        text.append("; HttpOnly; SameSite=").append(settings.sameSite());
        if (settings.secure()) {
            text.append("; Secure");
        }
        return text.toString();
    }

    /** What a cookie calls an upstream. */
    static String name(EndpointId id) {
        return id.uid().isEmpty() ? id.address() : id.uid();
    }

    private static String signature(String name, SecretKeySpec key) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal(name.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) {
            // Every Java platform has it (java.security, "Java Security Standard Algorithm Names").
            throw new IllegalStateException(impossible);
        }
    }
}
