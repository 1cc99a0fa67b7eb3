package io.tickstorm.proxy.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.AsciiString;

/**
 * Takes the bytes of a request of HTTP/1.1, as this proxy writes them, apart into what HTTP/2 has frames for. Its head comes in a
 * buffer of its own. For one event loop.
 */
final class RequestParts {
    /** What a stream does with a request. */
    interface Frames extends BodyParts.Frames {
        void head(OutgoingHead head, boolean last);
    }

    private enum State {
        HEAD,
        BODY,
        TUNNEL
    }

    private final Frames frames;
    private final AsciiString scheme;
    private final BodyParts body;
    private State state = State.HEAD;

    RequestParts(ByteBufAllocator allocator, Frames frames, AsciiString scheme) {
        this.frames = frames;
        this.scheme = scheme;
        body = new BodyParts(allocator, frames);
    }

    /** Takes the next bytes over. */
    void read(ByteBuf in) {
        switch (state) {
            case HEAD -> head(OutgoingHead.of(in, scheme));
            case BODY -> {
                try {
                    body.read(in);
                } finally {
                    in.release();
                }
            }
            case TUNNEL -> frames.data(in, false);
        }
    }

    private void head(OutgoingHead head) {
        if (head.upgrade()) {
            state = State.TUNNEL;
        } else {
            state = State.BODY;
            if (head.chunked()) {
                body.inChunks();
            } else if (head.length() > 0) {
                body.ofLength(head.length());
            }
        }
        frames.head(head, state == State.BODY && body.ended());
    }

    /** Lets go of what it holds. */
    void release() {
        body.release();
    }
}
