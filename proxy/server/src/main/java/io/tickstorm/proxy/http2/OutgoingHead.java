package io.tickstorm.proxy.http2;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;

/**
 * The head of a request, or its trailer section, as fields of HTTP/2 (RFC 9113 section 8.3.1): lower case, without what is about a
 * connection. The bytes were written by this proxy, so their grammar is known to be right.
 */
final class OutgoingHead {
    private static final AsciiString CHUNKED = AsciiString.cached("chunked");
    private static final AsciiString CONNECT = AsciiString.cached("CONNECT");
    private static final AsciiString HEAD = AsciiString.cached("HEAD");
    private static final AsciiString WEBSOCKET = AsciiString.cached("websocket");
    private static final AsciiString PROTOCOL = AsciiString.cached(":protocol");

    private final Http2Headers fields = new DefaultHttp2Headers(false);
    private final AsciiString text;
    private int at;
    private boolean chunked;
    private boolean head;
    private AsciiString webSocketKey = AsciiString.EMPTY_STRING;
    private boolean upgrade;
    private long length;

    private OutgoingHead(ByteBuf in) {
        var bytes = new byte[in.readableBytes()];
        in.readBytes(bytes);
        text = new AsciiString(bytes, false);
    }

    /** @param in from the request line to the blank line; is read */
    static OutgoingHead of(ByteBuf in, AsciiString scheme) {
        var request = new OutgoingHead(in);
        request.head(scheme);
        return request;
    }

    /** @param in field lines and the blank line; is read */
    static Http2Headers trailers(ByteBuf in) {
        var trailers = new OutgoingHead(in);
        trailers.lines();
        return trailers.fields;
    }

    Http2Headers fields() {
        return fields;
    }

    /** Whether the body comes in chunks. */
    boolean chunked() {
        return chunked;
    }

    /** Bytes of the body, if it does not come in chunks. */
    long length() {
        return length;
    }

    /** Whether the method is HEAD. */
    boolean head() {
        return head;
    }

    /** Whether a WebSocket is asked for. */
    boolean upgrade() {
        return upgrade;
    }

    /** What the client wants to see hashed when its WebSocket is accepted. */
    AsciiString webSocketKey() {
        return webSocketKey;
    }

    private void head(AsciiString scheme) {
        var line = line();
        int method = line.indexOf(" ");
        int path = line.indexOf(" ", method + 1);
        fields.method(line.subSequence(0, method, false))
                .scheme(scheme)
                .path(line.subSequence(method + 1, path, false));
        head = HEAD.contentEquals(fields.method());
        lines();
        if (upgrade) { // extended CONNECT: RFC 8441 section 5
            fields.method(CONNECT).add(PROTOCOL, WEBSOCKET);
        }
    }

    private void lines() {
        for (var line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(":");
            field(
                    line.subSequence(0, colon, false).toLowerCase(),
                    line.subSequence(colon + 1, line.length(), false).trim());
        }
    }

    private void field(AsciiString name, AsciiString value) {
        switch (name.toString()) {
            case "host" -> fields.authority(value);
            case "transfer-encoding" -> chunked = CHUNKED.contentEqualsIgnoreCase(value);
            case "upgrade" -> upgrade = true;
            case "connection", "keep-alive", "proxy-connection" -> {}
            case "sec-websocket-key" -> webSocketKey = value;
            case "content-length" -> {
                length = value.parseLong();
                fields.add(name, value);
            }
            default -> fields.add(name, value);
        }
    }

    /** The next line without its end. */
    private AsciiString line() {
        int end = text.indexOf("\r\n", at);
        var line = text.subSequence(at, end, false);
        at = end + 2;
        return line;
    }
}
