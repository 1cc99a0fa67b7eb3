package io.tickstorm.proxy.tcp;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

/** Stands for the session's handler until the client's TLS handshake is complete: whoever fails it costs no upstream anything. */
final class AwaitHandshake extends ChannelInboundHandlerAdapter {
    private final TcpSession session;

    AwaitHandshake(TcpSession session) {
        this.session = session;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            context.pipeline().remove(this);
            if (handshake.isSuccess()) {
                session.secured();
            } else {
                session.unsecured(handshake.cause());
            }
        }
    }
}
