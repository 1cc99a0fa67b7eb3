package io.tickstorm.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.tickstorm.proxy.transport.Ends;
import java.time.Duration;

/**
 * How a client's connection ends. For one event loop.
 *
 * <p>A client that is still sending is listened to for a while after the last answer. Closing at once would make our kernel
 * answer its bytes with a reset, which destroys the answer in its receive buffer.
 */
final class Ending {
    static final Duration LINGER = Duration.ofSeconds(2);

    private static final int LINGER_BYTES = 1024 * 1024;

    private final Worker worker;
    private final Channel channel;
    private final Outflow out;
    private final Deadline deadline;
    private int lingered;

    /** @param deadline bounds each step; whoever made it calls {@link #timedOut} */
    Ending(Worker worker, Channel channel, Outflow out, Deadline deadline) {
        this.worker = worker;
        this.channel = channel;
        this.out = out;
        this.deadline = deadline;
    }

    /** Closes once everything is written. */
    void quiet() {
        deadline.arm(worker.timeouts().stall());
        out.sendLast(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    /** Writes the last bytes, then listens on for a while; what comes is to be dropped here. */
    void lingering(ByteBuf last) {
        deadline.arm(worker.timeouts().stall());
        out.sendLast(last).addListener(written -> {
            if (channel.isActive()) {
                deadline.arm(worker.timeouts().linger());
                Ends.of(channel).endOutput(channel);
            }
        });
    }

    void drop(ByteBuf in) {
        lingered += in.readableBytes();
        in.release();
        if (lingered > LINGER_BYTES) {
            channel.close();
        }
    }

    /** Closes with a reset, so that nobody takes for whole what is not. */
    void reset() {
        if (channel.isOpen()) {
            Ends.of(channel).reset(channel);
        }
    }

    /** Nothing has come for a time. A client that takes an answer slowly, but takes it, gets that time again. */
    void timedOut(Deadlines.Queue again) {
        if (out.tookSome()) {
            deadline.arm(again);
        } else if (out.stuck()) {
            worker.counters().timeout();
            reset();
        } else {
            channel.close();
        }
    }
}
