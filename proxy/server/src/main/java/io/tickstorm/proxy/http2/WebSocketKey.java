package io.tickstorm.proxy.http2;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a client of HTTP/1.1 sends to be shown that its server speaks WebSocket (RFC 6455 section 1.3). A client of HTTP/2 sends
 * none, so the proxy does, and looks at the answer in its place.
 */
final class WebSocketKey {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int BYTES = 16;

    private final String text;

    WebSocketKey(RandomGenerator random) {
        var bytes = ByteBuffer.allocate(BYTES).putLong(random.nextLong()).putLong(random.nextLong());
        text = Base64.getEncoder().encodeToString(bytes.array());
    }

    String text() {
        return text;
    }

    /** Whether this is the answer to it. */
    boolean accepted(@Nullable CharSequence accept) {
        return accept != null && accept(text).contentEquals(accept);
    }

    /** The answer to a key: RFC 6455 section 4.2.2. */
    static String accept(CharSequence key) {
        try {
            var sha1 = MessageDigest.getInstance("SHA-1");
            return Base64.getEncoder().encodeToString(sha1.digest((key + GUID).getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
