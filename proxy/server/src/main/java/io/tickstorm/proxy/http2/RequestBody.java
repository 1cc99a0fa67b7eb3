package io.tickstorm.proxy.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import io.tickstorm.proxy.http1.Flaw;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts the body of a request into the framing of HTTP/1.1: as it is where its length was announced, otherwise in chunks, with the
 * trailers behind the last one. For one event loop.
 */
final class RequestBody {
    private static final ByteBuf CRLF = constant("\r\n");
    private static final ByteBuf LAST_CHUNK = constant("0\r\n\r\n");

    private final ByteBufAllocator allocator;
    private final Consumer<ByteBuf> to;
    private final boolean chunked;
    private long left;

    /**
     * @param length bytes that were announced; -1 = none were
     * @param to gets the bytes
     */
    RequestBody(ByteBufAllocator allocator, long length, Consumer<ByteBuf> to) {
        this.allocator = allocator;
        this.to = to;
        chunked = length < 0;
        left = length;
    }

    private static ByteBuf constant(String text) {
        return Unpooled.unreleasableBuffer(
                Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII).asReadOnly());
    }

    /** Takes a part over; the flaw that it shows, or null. */
    @Nullable
    Flaw part(ByteBuf part) {
        int count = part.readableBytes();
        if (count == 0) {
            part.release();
            return null;
        }
        if (!chunked) {
            left -= count;
            if (left < 0) {
                part.release();
                return Flaw.LENGTH_WRONG;
            }
            to.accept(part);
            return null;
        }
        var size = allocator.directBuffer(10);
        size.writeCharSequence(Integer.toHexString(count) + "\r\n", StandardCharsets.US_ASCII);
        to.accept(size);
        to.accept(part);
        to.accept(CRLF.duplicate());
        return null;
    }

    /** The body has come whole; the flaw that it shows, or null. */
    @Nullable
    Flaw end(@Nullable Http2Headers trailers) {
        var flaw = trailers == null ? null : judge(trailers);
        if (flaw != null) {
            return flaw;
        }
        if (!chunked) {
            return left == 0 ? null : Flaw.LENGTH_WRONG; // trailers have no place behind a length, RFC 9112 section 6.5
        }
        to.accept(trailers == null ? LAST_CHUNK.duplicate() : lines(trailers));
        return null;
    }

    private static @Nullable Flaw judge(Http2Headers trailers) {
        for (Map.Entry<CharSequence, CharSequence> field : trailers) {
            if (!field.getKey().isEmpty() && field.getKey().charAt(0) == ':') {
                return Flaw.PSEUDO_FIELDS;
            }
            var flaw = FieldRules.judge(field.getKey(), field.getValue());
            if (flaw != null) {
                return flaw;
            }
        }
        return null;
    }

    private ByteBuf lines(Http2Headers trailers) {
        var out = allocator.directBuffer();
        out.writeCharSequence("0\r\n", StandardCharsets.US_ASCII);
        for (Map.Entry<CharSequence, CharSequence> field : trailers) {
            out.writeCharSequence(field.getKey(), StandardCharsets.ISO_8859_1);
            out.writeCharSequence(": ", StandardCharsets.US_ASCII);
            out.writeCharSequence(field.getValue(), StandardCharsets.ISO_8859_1);
            out.writeCharSequence("\r\n", StandardCharsets.US_ASCII);
        }
        out.writeCharSequence("\r\n", StandardCharsets.US_ASCII);
        return out;
    }
}
