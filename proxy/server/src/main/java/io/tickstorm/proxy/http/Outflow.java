package io.tickstorm.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/** What goes to a client, and whether the client takes it. For one event loop. */
final class Outflow {
    private final Worker worker;
    private final Channel channel;
    private final Runnable stalled;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Deadline deadline;
    private long unwritten;
    private long bytes;

    /** @param stalled runs when the client has taken nothing for as long as a transfer may stand still */
    Outflow(Worker worker, Channel channel, Runnable stalled) {
        this.worker = worker;
        this.channel = channel;
        this.stalled = stalled;
    }

    /** Where it goes from now on; nothing is sent before. */
    void through(ChannelHandlerContext added) {
        context = added;
    }

    ChannelHandlerContext context() {
        if (context == null) {
            throw new IllegalStateException("not in a pipeline yet");
        }
        return context;
    }

    /** Writes bytes of an answer; they leave with the next {@link #flush}. */
    void send(ByteBuf part) {
        count(part);
        context().write(part, channel.voidPromise());
    }

    /** Writes bytes of an answer and all before them. */
    ChannelFuture sendLast(ByteBuf part) {
        count(part);
        return context().writeAndFlush(part);
    }

    private void count(ByteBuf part) {
        int count = part.readableBytes();
        bytes += count;
        worker.counters().out(count);
    }

    /** Bytes that were ever sent. */
    long bytes() {
        return bytes;
    }

    void flush() {
        context().flush();
    }

    /** More fits in, or no more: in the latter case the client has a time to take some. */
    void writable(boolean writable) {
        if (writable) {
            cancel();
        } else {
            arm();
        }
    }

    private void arm() {
        if (deadline == null) { // most clients take all they get as it comes
            deadline = new Deadline(this::expired);
        }
        deadline.arm(worker.timeouts().stall());
    }

    private void expired() {
        if (tookSome()) {
            arm();
        } else {
            stalled.run();
        }
    }

    /** Whether bytes wait to be written, and fewer or more of them than when this was last asked. */
    boolean tookSome() {
        long now = pending();
        boolean moved = now > 0 && now != unwritten;
        unwritten = now;
        return moved;
    }

    /** What the channel tells of the bytes that wait, by how far they are from its marks. */
    private long pending() {
        if (!channel.isActive()) {
            return 0;
        }
        var marks = channel.config().getWriteBufferWaterMark();
        return channel.isWritable()
                ? marks.high() - channel.bytesBeforeUnwritable() + 1
                : marks.low() + channel.bytesBeforeWritable() - 1;
    }

    /** Whether bytes were waiting when {@link #tookSome} was last asked. */
    boolean stuck() {
        return unwritten > 0;
    }

    void cancel() {
        if (deadline != null) {
            deadline.cancel();
        }
    }
}
