package io.tickstorm.proxy.http;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A client that writes and reads single frames of HTTP/2, whatever they are, over a plain socket. Only HPACK is Netty's. It
 * acknowledges nothing and gives no window back unless asked to.
 */
final class Frames implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int END_STREAM = 1;
    static final int ACK = 1;
    static final int END_HEADERS = 4;

    static final int NO_ERROR = 0;
    static final int PROTOCOL_ERROR = 1;
    static final int INTERNAL_ERROR = 2;
    static final int STREAM_CLOSED = 5;
    static final int REFUSED_STREAM = 7;
    static final int CANCEL = 8;
    static final int ENHANCE_YOUR_CALM = 11;

    private final Wire wire;
    private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);
    private boolean givesWindowBack;

    /** A frame as it came. */
    record Frame(int type, int flags, int stream, byte[] payload) {
        boolean has(int flag) {
            return (flags & flag) != 0;
        }

        /** Four bytes of the payload as a number. */
        int number(int at) {
            return ByteBuffer.wrap(payload).getInt(at);
        }
    }

    /**
     * All that came on a stream until it ended.
     *
     * @param reset the code of the reset that ended it; -1 if END_STREAM did
     * @param whole whether END_STREAM came
     */
    record Answer(Http2Headers head, byte[] bytes, Http2Headers trailers, boolean whole, int reset) {
        String status() {
            return String.valueOf(head.status());
        }

        String field(String name) {
            var value = head.get(name);
            return value == null ? null : value.toString();
        }

        String body() {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }

    private Frames(Wire wire) {
        this.wire = wire;
    }

    /** Connects and sends the preface and empty settings. */
    static Frames to(int port) {
        return begin(Wire.to(port));
    }

    static Frames begin(Wire wire) {
        var frames = new Frames(wire);
        wire.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        return frames.send(SETTINGS, 0, 0, new byte[0]);
    }

    Wire wire() {
        return wire;
    }

    /** Gives back the windows of what it reads, so that answers of any length come. */
    Frames reading() {
        givesWindowBack = true;
        return this;
    }

    static byte[] frame(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    Frames send(int type, int flags, int stream, byte[] payload) {
        wire.send(frame(type, flags, stream, payload));
        return this;
    }

    Frames send(int type, int flags, int stream, int number) {
        return send(type, flags, stream, ByteBuffer.allocate(4).putInt(number).array());
    }

    /** @param fields name, value, name, value ... */
    byte[] packed(String... fields) {
        try {
            var headers = new DefaultHttp2Headers(false);
            for (int i = 0; i < fields.length; i += 2) {
                headers.add(fields[i], fields[i + 1]);
            }
            var out = Unpooled.buffer();
            encoder.encodeHeaders(1, headers, out);
            return ByteBufUtil.getBytes(out);
        } catch (Http2Exception e) {
            throw new IllegalArgumentException(e);
        }
    }

    Frames headers(int stream, boolean last, String... fields) {
        return send(HEADERS, END_HEADERS | (last ? END_STREAM : 0), stream, packed(fields));
    }

    /** A request without a body. */
    Frames get(int stream, String path, String... fields) {
        return request(stream, true, "GET", path, fields);
    }

    Frames request(int stream, boolean last, String method, String path, String... fields) {
        var all = new String[8 + fields.length];
        System.arraycopy(
                new String[] {":method", method, ":scheme", "http", ":authority", "a.example", ":path", path},
                0,
                all,
                0,
                8);
        System.arraycopy(fields, 0, all, 8, fields.length);
        return headers(stream, last, all);
    }

    Frames data(int stream, boolean last, String text) {
        return send(DATA, last ? END_STREAM : 0, stream, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The next frame; null at the end of the connection. */
    Frame next() throws IOException {
        int first = wire.read();
        if (first < 0) {
            return null;
        }
        var rest = ByteBuffer.wrap(wire.read(8));
        int length = first << 16 | rest.getShort() & 0xffff;
        int type = rest.get();
        int flags = rest.get();
        int stream = rest.getInt();
        return new Frame(type, flags, stream, wire.read(length));
    }

    /** The next frame of this type; those before it are dropped. */
    Frame next(int type) throws IOException {
        for (var frame = next(); frame != null; frame = next()) {
            if (frame.type() == type) {
                return frame;
            }
        }
        throw new EOFException("no frame of type " + type);
    }

    /** The error code with which the connection is ended. */
    int goAway() throws IOException {
        return next(GOAWAY).number(4);
    }

    /** The number of the last stream that is served, as the next GOAWAY has it. */
    int lastServed() throws IOException {
        return next(GOAWAY).number(0);
    }

    /** Waits until the other side has read all that was sent: it acknowledges a PING. */
    Frames settled() throws IOException {
        send(PING, 0, 0, new byte[8]);
        for (var frame = next(PING); !frame.has(ACK); frame = next(PING)) {}
        return this;
    }

    /** Reads frames until this stream has ended; those of other streams are dropped, interim answers too. */
    Answer answer(int stream) throws IOException {
        Http2Headers head = null;
        Http2Headers trailers = null;
        var body = new ByteArrayOutputStream();
        while (true) {
            var frame = next();
            if (frame == null) {
                return new Answer(head, body.toByteArray(), trailers, false, -1);
            }
            if (frame.type() == HEADERS) {
                var fields = unpacked(frame);
                if (frame.stream() == stream && (head == null || head.status().charAt(0) == '1')) {
                    head = fields;
                } else if (frame.stream() == stream) {
                    trailers = fields;
                }
            } else if (frame.type() == DATA) {
                if (frame.stream() == stream) {
                    body.write(frame.payload());
                }
                if (givesWindowBack && frame.payload().length > 0) {
                    send(WINDOW_UPDATE, 0, 0, frame.payload().length);
                    if (!frame.has(END_STREAM)) {
                        send(WINDOW_UPDATE, 0, frame.stream(), frame.payload().length);
                    }
                }
            } else if (frame.type() == RST_STREAM && frame.stream() == stream) {
                return new Answer(head, body.toByteArray(), trailers, false, frame.number(0));
            }
            if (frame.stream() == stream
                    && (frame.type() == DATA || frame.type() == HEADERS)
                    && frame.has(END_STREAM)) {
                return new Answer(head, body.toByteArray(), trailers, true, -1);
            }
        }
    }

    Http2Headers unpacked(Frame headers) {
        try {
            return decoder.decodeHeaders(headers.stream(), Unpooled.wrappedBuffer(headers.payload()));
        } catch (Http2Exception e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }

    @Override
    public void close() {
        wire.close();
        encoder.close();
    }
}
