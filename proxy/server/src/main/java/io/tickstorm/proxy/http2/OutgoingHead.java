package io.tickstorm.proxy.http2;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;

/**
 * The head of a request as fields of HTTP/2 (RFC 9113 section 8.3.1): lower case, without what is about a connection.
 */
final class OutgoingHead {
    private static final AsciiString CHUNKED = AsciiString.cached("chunked");
    private static final AsciiString CONNECT = AsciiString.cached("CONNECT");
    private static final AsciiString HEAD = AsciiString.cached("HEAD");
    private static final AsciiString WEBSOCKET = AsciiString.cached("websocket");
    private static final AsciiString PROTOCOL = AsciiString.cached(":protocol");

    private final Http2Headers fields = new DefaultHttp2Headers(false);
    private boolean chunked;
    private boolean head;
    private AsciiString webSocketKey = AsciiString.EMPTY_STRING;
    private boolean upgrade;
    private long length;

    private OutgoingHead() {}

    /** @param in from the request line to the blank line; is read and released */
    static OutgoingHead of(ByteBuf in, AsciiString scheme) {
        var request = new OutgoingHead();
        request.read(new Lines(in), scheme);
        return request;
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

    private void read(Lines lines, AsciiString scheme) {
        var line = lines.next();
        int method = line.indexOf(" ");
        int path = line.indexOf(" ", method + 1);
        fields.method(line.subSequence(0, method, false))
                .scheme(scheme)
                .path(line.subSequence(method + 1, path, false));
        head = HEAD.contentEquals(fields.method());
        lines.fields(this::field);
        if (upgrade) { // extended CONNECT: RFC 8441 section 5
            fields.method(CONNECT).add(PROTOCOL, WEBSOCKET);
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
}
