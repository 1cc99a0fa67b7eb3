package io.tickstorm.proxy.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

/**
 * Takes the bytes of an answer of HTTP/1.1, as this proxy writes them, apart into what HTTP/2 has frames for. For one event loop.
 */
final class AnswerReader {
    private static final int SWITCHED = 101;

    /** What a stream does with an answer. */
    interface Frames {
        void headers(Http2Headers fields, boolean last);

        /** Takes the buffer over. */
        void data(ByteBuf part, boolean last);

        /** The stream carries bytes of another protocol from now on, both ways. */
        void switched(Http2Headers fields);
    }

    private enum State {
        HEAD,
        LENGTH,
        SIZE,
        SIZE_END,
        CHUNK,
        CHUNK_END,
        TRAILERS,
        TUNNEL,
        ENDED
    }

    private final ByteBufAllocator allocator;
    private final boolean toHead;
    private State state = State.HEAD;
    private long left;
    private @Nullable ByteBuf held;

    /** @param toHead whether the request was HEAD */
    AnswerReader(ByteBufAllocator allocator, boolean toHead) {
        this.allocator = allocator;
        this.toHead = toHead;
    }

    /** Whether the answer has come whole. */
    boolean ended() {
        return state == State.ENDED;
    }

    boolean tunnel() {
        return state == State.TUNNEL;
    }

    /** Takes the next bytes over. */
    void read(ByteBuf in, Frames frames) {
        try {
            while (in.isReadable() && state != State.ENDED) {
                step(in, frames);
            }
        } finally {
            in.release();
        }
    }

    private void step(ByteBuf in, Frames frames) {
        switch (state) {
            case HEAD -> {
                var head = lines(in);
                if (head != null) {
                    head(head, frames);
                }
            }
            case TRAILERS -> {
                var trailers = lines(in);
                if (trailers != null) {
                    trailers(trailers, frames);
                }
            }
            case LENGTH -> {
                var part = part(in);
                if (left == 0) {
                    state = State.ENDED;
                }
                frames.data(part, left == 0);
            }
            case CHUNK -> {
                frames.data(part(in), false);
                if (left == 0) {
                    state = State.CHUNK_END;
                }
            }
            case SIZE -> size(in.readByte());
            case SIZE_END -> {
                if (in.readByte() == '\n') {
                    state = left == 0 ? State.TRAILERS : State.CHUNK;
                }
            }
            case CHUNK_END -> {
                if (in.readByte() == '\n') {
                    state = State.SIZE;
                }
            }
            case TUNNEL -> frames.data(in.readRetainedSlice(in.readableBytes()), false);
            case ENDED -> throw new IllegalStateException("bytes behind the end of an answer");
        }
    }

    private ByteBuf part(ByteBuf in) {
        int count = (int) Math.min(left, in.readableBytes());
        left -= count;
        return in.readRetainedSlice(count);
    }

    private void size(byte b) {
        int digit = Character.digit(b, 16);
        if (digit >= 0) {
            left = left << 4 | digit;
        } else {
            state = State.SIZE_END; // an extension, or CR
        }
    }

    /** Lines up to a blank one, the caller's; null if it has not come. A blank line alone is all there is of empty trailers. */
    private @Nullable ByteBuf lines(ByteBuf in) {
        var whole = held == null ? allocator.buffer(in.readableBytes()) : held;
        held = whole;
        while (in.isReadable()) {
            int lf = in.indexOf(in.readerIndex(), in.writerIndex(), (byte) '\n');
            if (lf < 0) {
                whole.writeBytes(in);
                return null;
            }
            int lineStart = 1 + whole.indexOf(whole.writerIndex(), whole.readerIndex(), (byte) '\n');
            whole.writeBytes(in, lf + 1 - in.readerIndex());
            if (whole.writerIndex() - Math.max(lineStart, whole.readerIndex()) == 2) {
                held = null;
                return whole;
            }
        }
        return null;
    }

    private void head(ByteBuf lines, Frames frames) {
        var head = AnswerFields.ofHead(lines);
        lines.release();
        int status = head.status();
        if (status == SWITCHED) {
            state = State.TUNNEL;
            frames.switched(head.fields());
        } else if (status < 200) {
            frames.headers(head.fields(), false);
        } else if (toHead || status == 204 || status == 304 || head.length() == 0) {
            state = State.ENDED;
            frames.headers(head.fields(), true);
        } else {
            // an end that is not announced never comes: the stream is reset, which is what the answer deserves
            left = head.chunked() ? 0 : head.length() < 0 ? Long.MAX_VALUE : head.length();
            state = head.chunked() ? State.SIZE : State.LENGTH;
            frames.headers(head.fields(), false);
        }
    }

    private void trailers(ByteBuf lines, Frames frames) {
        var trailers = AnswerFields.ofTrailers(lines);
        lines.release();
        state = State.ENDED;
        if (trailers.isEmpty()) {
            frames.data(Unpooled.EMPTY_BUFFER, true);
        } else {
            frames.headers(trailers, true);
        }
    }

    /** Lets go of what it holds. */
    void release() {
        state = State.ENDED;
        if (held != null) {
            held.release();
            held = null;
        }
    }
}
