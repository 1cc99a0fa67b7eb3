package io.tickstorm.proxy.tcp;

import io.netty.buffer.Unpooled;
import io.tickstorm.proxy.transport.splice.Pipe;
import io.tickstorm.proxy.transport.splice.RawSocket;

/** One direction of a session whose bytes the kernel moves. On the event loop of the session. */
final class Flow {
    /** Times that a pipe is filled or drained before others have their turn: some milliseconds at most. */
    private static final int TURN = 16;

    private final Spliced spliced;
    private final Direction direction;
    private final RawSocket source;
    private final RawSocket target;
    private final Pipe pipe;
    private boolean flushed;
    private boolean waitsForTurn;

    Flow(Spliced spliced, Direction direction, RawSocket source, RawSocket target, Pipe pipe) {
        this.spliced = spliced;
        this.direction = direction;
        this.source = source;
        this.target = target;
        this.pipe = pipe;
    }

    /** What the channel of the target has still to write goes first; an empty write is done when all before it are. */
    void begin() {
        target.channel().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            if (written.isSuccess()) {
                flushed = true;
                spliced.ready(target);
            }
        });
    }

    /** Whether nothing is on its way here. */
    boolean empty() {
        return direction.ended() || flushed && pipe.held() == 0;
    }

    void close() {
        pipe.close();
    }

    /** The channels move its bytes again. */
    void resume() {
        direction.resume();
    }

    /** Its turn has come. */
    void again() {
        waitsForTurn = false;
        pump();
    }

    /** Moves what can be moved. */
    void pump() {
        if (waitsForTurn) {
            return;
        }
        for (int i = 0; i < TURN; i++) {
            if (spliced.over() || !flushed || direction.sourceHasEnded() || !target.writable()) {
                return;
            }
            if (!(pipe.held() == 0 ? fill() : drain())) {
                return;
            }
        }
        waitsForTurn = true;
        spliced.later(this);
    }

    private boolean fill() {
        if (!source.readable() || !spliced.moving()) {
            return false;
        }
        long bytes = pipe.fill(source.fd());
        if (bytes > 0) {
            return spliced.admits(direction, bytes);
        }
        if (bytes == Pipe.NOT_NOW) {
            source.read();
        } else if (bytes == Pipe.END) {
            direction.sourceEnded();
        } else if (bytes == Pipe.REFUSED) {
            spliced.empty(); // nothing is lost: the channels go on
        } else {
            spliced.broken(source);
        }
        return false;
    }

    private boolean drain() {
        long bytes = pipe.drain(target.fd());
        if (bytes > 0) {
            spliced.drained();
            return true;
        }
        if (bytes == Pipe.NOT_NOW) {
            target.written();
        } else {
            spliced.broken(target);
        }
        return false;
    }
}
