package io.tickstorm.proxy.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.socket.SocketChannel;
import io.tickstorm.proxy.access.Try;
import io.tickstorm.proxy.transport.Ends;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a session, from the source's socket to the target's. The source is read only while the target takes
 * what it gets. On the event loop of the session.
 */
final class Direction {
    /** Bytes that are much for the source to have had at once. Below it a system call costs as much as the copy that splicing saves. */
    static final int LARGE = 16 * 1024;

    /** Bytes in reads that are all large, after which it is worth while to splice: moving a session over costs some ten system calls. */
    private static final int POURING = 256 * 1024;

    private final TcpSession session;
    private final LongAdder total;
    private @Nullable SocketChannel source;
    private @Nullable SocketChannel target;

    /**
     * What came before there was a target. The source is not read then, but a client that sends and ends its direction
     * at once makes epoll deliver both: at most what the kernel's receive buffer holds.
     */
    private @Nullable Queue<ByteBuf> early;

    private boolean sourceEnded;
    private boolean ended;
    private boolean handedOver;
    private int sinceFlush;
    private int inLargeReads;
    private long bytes;
    private long firstByte = Try.NEVER;

    Direction(TcpSession session, LongAdder total) {
        this.session = session;
        this.total = total;
    }

    Direction(TcpSession session, SocketChannel source, LongAdder total) {
        this(session, total);
        this.source = source;
    }

    @Nullable
    SocketChannel source() {
        return source;
    }

    /** Whether the source has said its last byte. */
    boolean sourceHasEnded() {
        return sourceEnded;
    }

    /** Whether the target was told that nothing more comes. */
    boolean ended() {
        return ended;
    }

    long bytes() {
        return bytes;
    }

    /** When the first byte came; {@link Try#NEVER} if none has. */
    long firstByte() {
        return firstByte;
    }

    void from(SocketChannel from, SocketChannel to) {
        source = from;
        to(to);
    }

    /** From now on what the source sends goes there. */
    void to(SocketChannel to) {
        target = to;
        var waiting = early;
        early = null;
        if (waiting != null) {
            waiting.forEach(data -> write(data, to));
            to.flush();
        }
        if (sourceEnded) {
            endTarget(to);
        } else {
            follow(to);
        }
    }

    /** The source has sent something. */
    void received(ByteBuf data) {
        var to = target;
        if (to != null) {
            write(data, to);
            if (!to.isWritable()) {
                follow(to); // now: a read loop may go on for sixteen reads
            }
            return;
        }
        if (early == null) {
            early = new ArrayDeque<>();
        }
        early.add(data);
    }

    /** The source has nothing more for now. */
    void flush() {
        session.touched();
        var to = target;
        if (to != null) {
            to.flush();
            follow(to);
            inLargeReads = sinceFlush < LARGE ? 0 : inLargeReads + sinceFlush;
            sinceFlush = 0;
            if (inLargeReads >= POURING) {
                inLargeReads = 0;
                session.pours();
            }
        }
    }

    /** From now on the kernel moves its bytes; the source's channel is not read. */
    void handOver() {
        handedOver = true;
        if (source != null) {
            source.config().setAutoRead(false);
        }
    }

    /** The channels move its bytes again. */
    void resume() {
        handedOver = false;
        if (target != null) {
            follow(target);
        }
    }

    /** The target takes again, or has enough. */
    void follow() {
        var to = target;
        if (to != null) {
            session.touched();
            follow(to);
        }
    }

    /** The source has ended its direction; whatever it has sent is on its way. */
    void sourceEnded() {
        if (!sourceEnded) {
            sourceEnded = true;
            var to = target;
            if (to != null) {
                endTarget(to);
                session.settle();
            }
        }
    }

    /** Drops what nobody will take. */
    void release() {
        var waiting = early;
        early = null;
        if (waiting != null) {
            waiting.forEach(ByteBuf::release);
        }
    }

    private void write(ByteBuf data, SocketChannel to) {
        int length = data.readableBytes();
        sinceFlush += length;
        moved(length);
        // A failure reaches the target's pipeline, which ends the session.
        to.write(data, to.voidPromise());
    }

    /** So many bytes are on their way to the target. */
    void moved(long length) {
        if (bytes == 0) {
            firstByte = session.nanos();
        }
        bytes += length;
        total.add(length);
    }

    private void follow(SocketChannel to) {
        var from = source;
        if (from != null && !sourceEnded && !handedOver) {
            from.config().setAutoRead(to.isWritable());
        }
    }

    /** The empty write is done when all before it are, so nothing is cut off. */
    private void endTarget(SocketChannel to) {
        to.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            if (written.isSuccess()) {
                var ends = Ends.of(to);
                ends.endOutput(to);
                if (ends.outputEnded(to)) {
                    ended = true;
                    session.settle();
                } else {
                    session.broken(to);
                }
            }
        });
    }
}
