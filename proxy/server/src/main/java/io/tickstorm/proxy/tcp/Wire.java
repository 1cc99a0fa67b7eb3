package io.tickstorm.proxy.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;

/** The one handler of each of the two connections: tells the session's directions what happens on it. */
final class Wire extends ChannelInboundHandlerAdapter {
    private final TcpSession session;
    private final Direction out;
    private final Direction in;

    /**
     * @param out the direction whose source this connection is
     * @param in the direction whose target it is
     */
    Wire(TcpSession session, Direction out, Direction in) {
        this.session = session;
        this.out = out;
        this.in = in;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object data) {
        var bytes = (ByteBuf) data;
        if (session.admits(out)) {
            out.received(bytes);
        } else {
            bytes.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        out.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        in.follow();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            out.sourceEnded();
        }
    }

    /** Also where the failure of a write arrives. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        session.broken(context.channel());
    }

    /**
     * The connection is closed. Where both of its directions had ended that is in order, even while the other connection is still
     * being told the rest: a socket whose two FINs have passed is closed by the transport as soon as it looks at it.
     */
    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (!out.sourceHasEnded() || !in.ended()) {
            session.broken(context.channel());
        }
    }
}
