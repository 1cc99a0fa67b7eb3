package io.tickstorm.proxy.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.tickstorm.proxy.http1.Trailers;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes what comes as HTTP/2 as the bytes of HTTP/1.1: an answer, one for each connection. They are parsed and judged like those of any
 * other upstream, so what is checked here is only that a field stays within its line.
 */
final class AnswerBytes {
    private static final int HEAD = 512;
    private static final byte[] CRLF = {'\r', '\n'};
    private static final AsciiString GRPC = AsciiString.cached("application/grpc");

    private AnswerBytes() {}

    /** How the end of the body is found. */
    enum Framing {
        /** There is no body, whatever the head says. */
        NONE,
        LENGTH,
        CHUNKS
    }

    /**
     * How the body of an answer is framed that does not end with its head. One that may have trailers comes in chunks, whether
     * its length is known or not: behind a length there are none.
     */
    static Framing framing(Http2Headers fields, boolean ended) {
        if (!ended && (fields.get("content-length") == null || fields.contains("trailer") || grpc(fields))) {
            return Framing.CHUNKS;
        }
        return Framing.LENGTH;
    }

    private static boolean grpc(Http2Headers fields) {
        var type = fields.get("content-type");
        return type != null && AsciiString.of(type).startsWith(GRPC);
    }

    /**
     * A head, the blank line included.
     *
     * @param ended whether nothing follows it
     * @return null if a field cannot stand in a line
     */
    static @Nullable ByteBuf head(
            ByteBufAllocator allocator, int status, Http2Headers fields, Framing framing, boolean ended) {
        var out = start(allocator, status);
        boolean own = framing == Framing.CHUNKS;
        if (!lines(out, fields, own)) {
            out.release();
            return null;
        }
        if (own) {
            ascii(out, "transfer-encoding: chunked\r\n");
        } else if (ended && framing == Framing.LENGTH && fields.get("content-length") == null) {
            ascii(out, "content-length: 0\r\n");
        }
        if (status >= 200) {
            ascii(out, "connection: close\r\n");
        }
        return out.writeBytes(CRLF);
    }

    /** The head that accepts a WebSocket: RFC 6455 section 4.2.2. */
    static @Nullable ByteBuf switched(ByteBufAllocator allocator, Http2Headers fields, AsciiString key) {
        var out = start(allocator, 101);
        if (!lines(out, fields, true)) {
            out.release();
            return null;
        }
        ascii(
                out,
                "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-accept: " + WebSocketKey.accept(key)
                        + "\r\n\r\n");
        return out;
    }

    private static ByteBuf start(ByteBufAllocator allocator, int status) {
        var out = allocator.directBuffer(HEAD);
        ascii(
                out,
                "HTTP/1.1 " + status + ' ' + HttpResponseStatus.valueOf(status).reasonPhrase() + "\r\n");
        return out;
    }

    /** @param withoutLength whether Content-Length is left out */
    private static boolean lines(ByteBuf out, Http2Headers fields, boolean withoutLength) {
        for (var field : fields) {
            var name = field.getKey();
            if (name.charAt(0) == ':' || withoutLength && AsciiString.contentEquals(name, "content-length")) {
                continue;
            }
            if (!line(out, name, field.getValue())) {
                return false;
            }
        }
        return true;
    }

    private static boolean line(ByteBuf out, CharSequence name, CharSequence value) {
        if (!inLine(name) || !inLine(value)) {
            return false;
        }
        out.writeCharSequence(name, StandardCharsets.ISO_8859_1);
        out.writeByte(':').writeByte(' ');
        out.writeCharSequence(value, StandardCharsets.ISO_8859_1);
        out.writeBytes(CRLF);
        return true;
    }

    private static boolean inLine(CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\r' || c == '\n' || c == 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * What stands before the data of a chunk.
     *
     * @param first whether no chunk is before it, whose data would still have to be ended
     */
    static ByteBuf chunk(ByteBufAllocator allocator, boolean first, int size, int room) {
        var out = allocator.directBuffer(2 + 8 + 2 + room);
        if (!first) {
            out.writeBytes(CRLF);
        }
        ascii(out, Integer.toHexString(size));
        return out.writeBytes(CRLF);
    }

    /**
     * The last chunk and the trailer section.
     *
     * @return null if a field cannot stand in a line
     */
    static @Nullable ByteBuf lastChunk(ByteBufAllocator allocator, boolean first, @Nullable Http2Headers trailers) {
        var out = chunk(allocator, first, 0, trailers == null ? 2 : HEAD);
        if (trailers != null) {
            for (var field : trailers) {
                var name = field.getKey().toString();
                if (Trailers.pass(name) && !line(out, name, field.getValue())) {
                    out.release();
                    return null;
                }
            }
        }
        return out.writeBytes(CRLF);
    }

    private static void ascii(ByteBuf out, String text) {
        out.writeCharSequence(text, StandardCharsets.US_ASCII);
    }
}
