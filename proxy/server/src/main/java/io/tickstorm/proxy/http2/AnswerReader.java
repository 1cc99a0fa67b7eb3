package io.tickstorm.proxy.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http2.Http2Headers;

/**
 * Takes the bytes of an answer of HTTP/1.1, as this proxy writes them, apart into what HTTP/2 has frames for. For one event loop.
 */
final class AnswerReader {
    private static final int SWITCHED = 101;

    /** What a stream does with an answer. */
    interface Frames extends BodyParts.Frames {
        void head(Http2Headers fields, boolean last);

        /** The stream carries bytes of another protocol from now on, both ways. */
        void switched(Http2Headers fields);
    }

    private enum State {
        HEAD,
        BODY,
        TUNNEL,
        ENDED
    }

    private final Frames frames;
    private final boolean toHead;
    private final Section head;
    private final BodyParts body;
    private State state = State.HEAD;

    /** @param toHead whether the request was HEAD */
    AnswerReader(ByteBufAllocator allocator, Frames frames, boolean toHead) {
        this.frames = frames;
        this.toHead = toHead;
        head = new Section(allocator);
        body = new BodyParts(allocator, frames);
    }

    boolean tunnel() {
        return state == State.TUNNEL;
    }

    /** Takes the next bytes over. */
    void read(ByteBuf in) {
        try {
            while (in.isReadable() && state != State.ENDED) {
                step(in);
            }
        } finally {
            in.release();
        }
    }

    private void step(ByteBuf in) {
        switch (state) {
            case HEAD -> {
                var lines = head.read(in);
                if (lines != null) {
                    head(AnswerFields.of(lines));
                }
            }
            case BODY -> {
                body.read(in);
                if (body.ended()) {
                    state = State.ENDED;
                }
            }
            case TUNNEL -> frames.data(in.readRetainedSlice(in.readableBytes()), false);
            case ENDED -> {}
        }
    }

    private void head(AnswerFields answer) {
        int status = answer.status();
        if (status == SWITCHED) {
            state = State.TUNNEL;
            frames.switched(answer.fields());
        } else if (status < 200) {
            frames.head(answer.fields(), false);
        } else if (toHead || status == 204 || status == 304 || answer.length() == 0) {
            state = State.ENDED;
            frames.head(answer.fields(), true);
        } else {
            state = State.BODY;
            if (answer.chunked()) {
                body.inChunks();
            } else {
                // an end that is not announced never comes: the stream is reset, which is what the answer deserves
                body.ofLength(answer.length() < 0 ? Long.MAX_VALUE : answer.length());
            }
            frames.head(answer.fields(), false);
        }
    }

    /** Lets go of what it holds. */
    void release() {
        state = State.ENDED;
        head.release();
        body.release();
    }
}
