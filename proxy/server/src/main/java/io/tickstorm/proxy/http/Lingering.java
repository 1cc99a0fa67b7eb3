package io.tickstorm.proxy.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import io.tickstorm.proxy.transport.Ends;

/**
 * Closes a connection of HTTP/2 in two steps, as {@link Ending} does with one of HTTP/1.1 and for the same reason: a client that is
 * still sending would get a reset, and never see the GOAWAY and the answers before it. For one event loop.
 */
final class Lingering extends ChannelDuplexHandler {
    private final Worker worker;
    private final Runnable begun;
    private final Channel channel;
    private final Deadline deadline = new Deadline(this::closeNow);
    private boolean lingers;
    private boolean hard;

    /** @param begun runs when the first step is taken: nothing more comes from the client */
    Lingering(Worker worker, Channel channel, Runnable begun) {
        this.worker = worker;
        this.channel = channel;
        this.begun = begun;
    }

    /** Closes at once. */
    void closeNow() {
        hard = true;
        channel.close();
    }

    @Override
    public void close(ChannelHandlerContext from, ChannelPromise promise) {
        if (hard || !channel.isActive()) {
            from.close(promise);
            return;
        }
        if (!lingers) {
            lingers = true;
            deadline.arm(worker.timeouts().stall());
            begun.run();
            from.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
                if (channel.isActive()) {
                    deadline.arm(worker.timeouts().linger());
                    channel.config().setAutoRead(true);
                    Ends.SOCKET.endOutput(channel);
                }
            });
        }
        promise.trySuccess();
    }

    @Override
    public void channelRead(ChannelHandlerContext from, Object message) {
        if (lingers) {
            ReferenceCountUtil.release(message);
        } else {
            from.fireChannelRead(message);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext from) {
        deadline.cancel();
        from.fireChannelInactive();
    }
}
