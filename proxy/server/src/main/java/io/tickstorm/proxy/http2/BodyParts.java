package io.tickstorm.proxy.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;

/**
 * Takes the body of a message of HTTP/1.1 apart into what HTTP/2 has frames for: RFC 9112 section 7.1. It was written by this proxy,
 * so its grammar is known to be right. For one event loop.
 */
final class BodyParts {
    /** What a stream does with them. */
    interface Frames {
        /** Takes the buffer over. */
        void data(ByteBuf part, boolean last);

        /** The last that comes. */
        void trailers(Http2Headers fields);
    }

    private enum State {
        LENGTH,
        SIZE,
        SIZE_END,
        CHUNK,
        CHUNK_END,
        TRAILERS,
        ENDED
    }

    private final Frames frames;
    private final Section trailers;
    private State state = State.ENDED;
    private long left;

    BodyParts(ByteBufAllocator allocator, Frames frames) {
        this.frames = frames;
        trailers = new Section(allocator);
    }

    /** A body of so many bytes comes; not 0. */
    void ofLength(long bytes) {
        state = State.LENGTH;
        left = bytes;
    }

    /** A body comes in chunks. */
    void inChunks() {
        state = State.SIZE;
        left = 0;
    }

    /** Whether it has come whole, its trailers included. */
    boolean ended() {
        return state == State.ENDED;
    }

    /** Reads on, up to the end of the body at most. */
    void read(ByteBuf in) {
        while (in.isReadable() && state != State.ENDED) {
            step(in);
        }
    }

    private void step(ByteBuf in) {
        switch (state) {
            case LENGTH -> {
                var part = part(in);
                if (left == 0) {
                    state = State.ENDED;
                }
                frames.data(part, left == 0);
            }
            case SIZE -> size(in.readByte());
            case SIZE_END -> {
                if (in.readByte() == '\n') {
                    state = left == 0 ? State.TRAILERS : State.CHUNK;
                }
            }
            case CHUNK -> {
                frames.data(part(in), false);
                if (left == 0) {
                    state = State.CHUNK_END;
                }
            }
            case CHUNK_END -> {
                if (in.readByte() == '\n') {
                    state = State.SIZE;
                }
            }
            case TRAILERS -> {
                var lines = trailers.read(in);
                if (lines != null) {
                    end(Lines.trailers(lines));
                }
            }
            case ENDED -> {}
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
            state = State.SIZE_END; // behind an extension, if there is one
        }
    }

    private void end(Http2Headers fields) {
        state = State.ENDED;
        if (fields.isEmpty()) {
            frames.data(Unpooled.EMPTY_BUFFER, true);
        } else {
            frames.trailers(fields);
        }
    }

    /** Lets go of what it holds. */
    void release() {
        state = State.ENDED;
        trailers.release();
    }
}
