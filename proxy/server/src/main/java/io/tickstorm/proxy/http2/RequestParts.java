package io.tickstorm.proxy.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * Takes the bytes of a request of HTTP/1.1, as this proxy writes them, apart into what HTTP/2 has frames for. Its head comes in a
 * buffer of its own. For one event loop.
 */
final class RequestParts {
    /** What a stream does with them; each takes what it is given. */
    interface Frames {
        void head(OutgoingHead head, boolean last);

        void data(ByteBuf part);

        void trailers(Http2Headers fields);

        /** No more comes. */
        void end();
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
    private final AsciiString scheme;
    private State state = State.HEAD;
    private long left;
    private int lineLength;
    private @Nullable ByteBuf trailers;

    RequestParts(ByteBufAllocator allocator, AsciiString scheme) {
        this.allocator = allocator;
        this.scheme = scheme;
    }

    boolean ended() {
        return state == State.ENDED;
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
            case HEAD -> head(OutgoingHead.of(in, scheme), frames);
            case LENGTH -> {
                frames.data(part(in));
                if (left == 0) {
                    end(frames);
                }
            }
            case SIZE -> size(in.readByte());
            case SIZE_END -> {
                if (in.readByte() == '\n') {
                    state = left == 0 ? State.TRAILERS : State.CHUNK;
                }
            }
            case CHUNK -> {
                frames.data(part(in));
                if (left == 0) {
                    state = State.CHUNK_END;
                }
            }
            case CHUNK_END -> {
                if (in.readByte() == '\n') {
                    state = State.SIZE;
                }
            }
            case TRAILERS -> trailer(in, frames);
            case TUNNEL -> frames.data(in.readRetainedSlice(in.readableBytes()));
            case ENDED -> throw new IllegalStateException("bytes behind the end of a request");
        }
    }

    private void head(OutgoingHead head, Frames frames) {
        left = head.length();
        if (head.upgrade()) {
            state = State.TUNNEL;
        } else if (head.chunked()) {
            state = State.SIZE;
            left = 0;
        } else {
            state = left == 0 ? State.ENDED : State.LENGTH;
        }
        frames.head(head, ended());
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
            state = State.SIZE_END; // behind an extension, if there is one
        }
    }

    /** Lines up to a blank one. */
    private void trailer(ByteBuf in, Frames frames) {
        if (trailers == null) {
            trailers = allocator.buffer(in.readableBytes());
        }
        byte b = in.readByte();
        trailers.writeByte(b);
        lineLength++;
        if (b != '\n') {
            return;
        }
        if (lineLength > 2) {
            lineLength = 0;
            return;
        }
        var fields = OutgoingHead.trailers(trailers);
        release();
        if (!fields.isEmpty()) {
            frames.trailers(fields);
        }
        end(frames);
    }

    private void end(Frames frames) {
        state = State.ENDED;
        frames.end();
    }

    /** Lets go of what it holds. */
    void release() {
        if (trailers != null) {
            trailers.release();
            trailers = null;
        }
    }
}
