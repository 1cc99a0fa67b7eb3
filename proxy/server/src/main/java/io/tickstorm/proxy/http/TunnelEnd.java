package io.tickstorm.proxy.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.tickstorm.proxy.transport.Ends;

/**
 * One end of a connection that was upgraded: what comes goes to the other end, as it is, with back-pressure; the end of one
 * direction is passed on and leaves the other open.
 */
final class TunnelEnd extends ChannelInboundHandlerAdapter {
    private final Channel peer;
    private final Runnable closed;
    private boolean wrote;

    /** @param closed runs once, when this end is closed */
    private TunnelEnd(Channel peer, Runnable closed) {
        this.peer = peer;
        this.closed = closed;
    }

    /** Joins two connections whose handlers have done their work; {@code closed} runs for each end. */
    static void join(ChannelHandlerContext one, ChannelHandlerContext other, Runnable closed) {
        for (var end : new ChannelHandlerContext[] {one, other}) {
            end.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
            end.channel().config().setOption(ChannelOption.SO_KEEPALIVE, true);
        }
        one.pipeline().replace(one.handler(), null, new TunnelEnd(other.channel(), closed));
        other.pipeline().replace(other.handler(), null, new TunnelEnd(one.channel(), closed));
        one.channel().config().setAutoRead(other.channel().isWritable());
        other.channel().config().setAutoRead(one.channel().isWritable());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object part) {
        peer.write(part, peer.voidPromise());
        wrote = true;
        if (!peer.isWritable()) {
            context.channel().config().setAutoRead(false);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (wrote) {
            wrote = false;
            peer.flush();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        peer.config().setAutoRead(context.channel().isWritable());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event != ChannelInputShutdownEvent.INSTANCE) {
            return;
        }
        if (Ends.of(context.channel()).outputEnded(context.channel())) {
            context.close(); // both directions have ended; the peer is closed behind what it still gets
        } else {
            // behind what is still to be written: shutting down at once would drop it
            peer.writeAndFlush(Unpooled.EMPTY_BUFFER)
                    .addListener(written -> Ends.of(peer).endOutput(peer));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        closed.run();
        if (peer.isActive()) {
            peer.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
