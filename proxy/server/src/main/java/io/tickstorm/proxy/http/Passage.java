package io.tickstorm.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.tickstorm.proxy.websocket.FrameTracker;
import io.tickstorm.proxy.websocket.GoingAway;
import java.util.function.Supplier;

/**
 * One direction of a WebSocket. It can be ended: with a Close frame as soon as no other frame is under way, behind which nothing
 * passes (RFC 6455 section 5.5.1). For one event loop.
 */
final class Passage {
    private enum State {
        OPEN,
        /** At the end of the frame that is under way, the Close is said. */
        ENDING,
        /** What still comes is dropped. */
        ENDED
    }

    private final Channel to;
    private final FrameTracker frames;
    private final Supplier<ByteBuf> goingAway;
    private State state = State.OPEN;

    private Passage(Channel to, FrameTracker frames, Supplier<ByteBuf> goingAway) {
        this.to = to;
        this.frames = frames;
        this.goingAway = goingAway;
    }

    static Passage toClient(Channel client) {
        return new Passage(client, FrameTracker.ofServer(), () -> GoingAway.toClient(client.alloc()));
    }

    static Passage toServer(Channel server, Worker worker) {
        var random = worker.listening().surroundings().random();
        return new Passage(server, FrameTracker.ofClient(), () -> GoingAway.toServer(server.alloc(), random));
    }

    /** What it leads to. */
    Channel to() {
        return to;
    }

    /** Whether a Close may still be said here: none was, and what passes are frames. */
    boolean open() {
        return state == State.OPEN && !frames.closed() && !frames.lost();
    }

    /** These bytes pass by another way. */
    void passes(ByteBuf part) {
        frames.pass(part);
    }

    /** Writes what comes; it leaves with the next flush. */
    void pass(ByteBuf part) {
        switch (state) {
            case OPEN -> {
                frames.pass(part);
                to.write(part, to.voidPromise());
            }
            case ENDING -> {
                int frame = frames.passFrame(part);
                if (frames.betweenFrames()) {
                    to.write(part.readRetainedSlice(frame), to.voidPromise());
                    part.release();
                    say();
                } else {
                    to.write(part, to.voidPromise());
                }
            }
            case ENDED -> part.release();
        }
    }

    /** Ends it with status 1001, if it is {@link #open}. */
    void goAway() {
        if (!open()) {
            return;
        }
        state = State.ENDING;
        if (frames.betweenFrames()) {
            say();
            to.flush();
        }
    }

    private void say() {
        state = State.ENDED;
        to.write(goingAway.get(), to.voidPromise());
    }
}
