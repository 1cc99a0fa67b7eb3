package io.tickstorm.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.tickstorm.proxy.transport.Ends;

/**
 * One end of a {@link Tunnel}: what comes goes to the other end, as it is, with back-pressure; the end of one direction is passed
 * on and leaves the other open.
 */
final class TunnelEnd extends ChannelInboundHandlerAdapter {
    private final Passage passage;
    private final Channel peer;
    private final Runnable inputEnds;
    private final Runnable closed;
    private boolean wrote;

    /**
     * @param inputEnds runs when nothing more comes here, before the other end is told
     * @param closed runs once, when this end is closed
     */
    TunnelEnd(Passage passage, Runnable inputEnds, Runnable closed) {
        this.passage = passage;
        this.peer = passage.to();
        this.inputEnds = inputEnds;
        this.closed = closed;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object part) {
        passage.pass((ByteBuf) part);
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
        inputEnds.run();
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
        inputEnds.run();
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
