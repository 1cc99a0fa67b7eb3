package io.tickstorm.proxy.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.tickstorm.proxy.http1.Flaw;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Writes the head of a request that came as fields of HTTP/2 in the bytes of HTTP/1.1 (RFC 9113 section 8.3.1), for the one parser
 * that judges all requests. Here is judged what that parser would not see: the rules that HTTP/2 has of its own, and every byte
 * that could end a word or a line where none ends.
 */
final class RequestBytes {
    private static final AsciiString METHOD = AsciiString.cached(":method");
    private static final AsciiString PATH = AsciiString.cached(":path");
    private static final AsciiString SCHEME = AsciiString.cached(":scheme");
    private static final AsciiString AUTHORITY = AsciiString.cached(":authority");
    private static final AsciiString PROTOCOL = AsciiString.cached(":protocol");
    private static final AsciiString WEBSOCKET = AsciiString.cached("websocket");
    private static final AsciiString CONNECT = AsciiString.cached("CONNECT");

    private static final int USUAL_SIZE = 512;

    private final Http2Headers fields;
    private final boolean ended;
    private final RandomGenerator random;
    private @Nullable CharSequence method;
    private @Nullable CharSequence path;
    private @Nullable CharSequence scheme;
    private @Nullable CharSequence authority;
    private @Nullable CharSequence protocol;
    private @Nullable Flaw flaw;
    private @Nullable WebSocketKey key;
    private long length = -1;

    /**
     * @param ended whether no body follows
     * @param random for the key of a WebSocket, which has none in HTTP/2: RFC 8441 section 5
     */
    RequestBytes(Http2Headers fields, boolean ended, RandomGenerator random) {
        this.fields = fields;
        this.ended = ended;
        this.random = random;
    }

    /** The head; null if there is a {@link #flaw}. */
    @Nullable
    ByteBuf write(ByteBufAllocator allocator) {
        if (!readPseudoFields()) {
            flaw = Flaw.PSEUDO_FIELDS;
            return null;
        }
        var out = allocator.directBuffer(USUAL_SIZE);
        line(out);
        fields(out);
        if (flaw != null) {
            out.release();
            return null;
        }
        return out;
    }

    /** What is wrong; null if nothing is. */
    @Nullable
    Flaw flaw() {
        return flaw;
    }

    /** Bytes of the body as Content-Length has it; -1 if it does not say. */
    long length() {
        return length;
    }

    boolean toHead() {
        return method != null && AsciiString.contentEquals(method, "HEAD");
    }

    /** The key that was written, if the stream is to become a WebSocket; otherwise null. */
    @Nullable
    WebSocketKey webSocketKey() {
        return key;
    }

    /** Whether the stream is to become a WebSocket: extended CONNECT, RFC 8441. */
    private boolean webSocket() {
        return protocol != null && AsciiString.contentEquals(protocol, WEBSOCKET);
    }

    private boolean readPseudoFields() {
        if (fields instanceof RequestFields came && came.misplaced()) {
            return false;
        }
        for (Map.Entry<CharSequence, CharSequence> field : fields) {
            var name = field.getKey();
            if (name.isEmpty() || name.charAt(0) != ':') {
                continue;
            }
            if (!take(name, field.getValue())) {
                return false;
            }
        }
        if (method == null || !word(method) || (authority != null && !word(authority))) {
            return false;
        }
        boolean connect = AsciiString.contentEquals(method, CONNECT);
        if (connect && protocol == null) {
            return path == null && scheme == null && authority != null;
        }
        return (protocol == null || connect) && scheme != null && http(scheme) && path != null && path(path);
    }

    private boolean take(CharSequence name, CharSequence value) {
        if (METHOD.contentEquals(name) && method == null) {
            method = value;
        } else if (PATH.contentEquals(name) && path == null) {
            path = value;
        } else if (SCHEME.contentEquals(name) && scheme == null) {
            scheme = value;
        } else if (AUTHORITY.contentEquals(name) && authority == null) {
            authority = value;
        } else if (PROTOCOL.contentEquals(name) && protocol == null) {
            protocol = value;
        } else {
            return false;
        }
        return true;
    }

    private static boolean http(CharSequence scheme) {
        return AsciiString.contentEqualsIgnoreCase(scheme, "http")
                || AsciiString.contentEqualsIgnoreCase(scheme, "https");
    }

    /** Origin form, or the asterisk: a whole URI would override the authority in HTTP/1.1. */
    private static boolean path(CharSequence path) {
        return word(path) && (path.charAt(0) == '/' || AsciiString.contentEquals(path, "*"));
    }

    private static boolean word(CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) <= ' ' || text.charAt(i) == 0x7f) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private void line(ByteBuf out) {
        if (webSocket()) {
            key = new WebSocketKey(random);
            add(out, "GET ").add(out, path).add(out, " HTTP/1.1\r\nconnection: upgrade\r\nupgrade: websocket\r\n");
            add(out, "sec-websocket-key: ").add(out, key.text()).add(out, "\r\n");
        } else {
            // CONNECT, plain or of a protocol that is not known here, is refused as it is in HTTP/1.1
            var target = path == null || protocol != null ? authority : path;
            add(out, method).add(out, " ").add(out, target).add(out, " HTTP/1.1\r\n");
        }
        if (authority != null) {
            add(out, "host: ").add(out, authority).add(out, "\r\n");
        }
    }

    private void fields(ByteBuf out) {
        for (Map.Entry<CharSequence, CharSequence> field : fields) {
            var name = field.getKey();
            if (!name.isEmpty() && name.charAt(0) == ':') {
                continue;
            }
            var value = field.getValue();
            flaw = judge(name, value);
            if (flaw != null) {
                return;
            }
            boolean separate = AsciiString.contentEquals(name, "cookie")
                    || AsciiString.contentEquals(name, "host") && sameAuthority(value)
                    || webSocket() && AsciiString.contentEquals(name, "sec-websocket-key");
            if (!separate) {
                add(out, name).add(out, ": ").add(out, value).add(out, "\r\n");
            }
        }
        cookies(out);
        if (!ended && length < 0 && !webSocket()) {
            add(out, "transfer-encoding: chunked\r\n");
        }
        add(out, "\r\n");
    }

    /** One that differs is left in, beside the authority: two Host fields are refused. */
    private boolean sameAuthority(CharSequence host) {
        return authority != null && AsciiString.contentEqualsIgnoreCase(host, authority);
    }

    /** Crumbs become one field again: RFC 9113 section 8.2.3. */
    private void cookies(ByteBuf out) {
        boolean any = false;
        for (var crumb : fields.getAll("cookie")) {
            add(out, any ? "; " : "cookie: ").add(out, crumb);
            any = true;
        }
        if (any) {
            add(out, "\r\n");
        }
    }

    private @Nullable Flaw judge(CharSequence name, CharSequence value) {
        var wrong = FieldRules.judge(name, value);
        if (wrong == null && AsciiString.contentEquals(name, "content-length")) {
            length(value);
        }
        return wrong;
    }

    /** Reads it as far as it is a number; what is none is refused by the parser. */
    private void length(CharSequence value) {
        try {
            length = Long.parseLong(value, 0, value.length(), 10);
        } catch (NumberFormatException e) {
            length = 0;
        }
        if (ended && length > 0) {
            flaw = Flaw.LENGTH_WRONG;
        }
    }

    private RequestBytes add(ByteBuf out, @Nullable CharSequence text) {
        if (text instanceof AsciiString ascii) {
            out.writeBytes(ascii.array(), ascii.arrayOffset(), ascii.length());
        } else if (text != null) {
            out.writeCharSequence(text, StandardCharsets.ISO_8859_1);
        }
        return this;
    }
}
