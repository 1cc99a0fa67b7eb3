package io.tickstorm.proxy.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.tickstorm.proxy.admission.Client;

/**
 * Stands behind what a connection begins with (a PROXY header, a TLS handshake), finds out which protocol the client speaks, and
 * puts the handler of that in its own place.
 *
 * <p>Without TLS the handler of HTTP/1.1 is there from the accept on, so that its deadline for the first head runs from there.
 */
final class ProtocolChoice extends ChannelInboundHandlerAdapter {
    private final Worker worker;
    private final Accepted accepted;
    private final Client from;
    private final boolean tls;

    /**
     * @param from whose limits the connection has
     * @param tls whether a handshake is to come
     */
    ProtocolChoice(Worker worker, Accepted accepted, Client from, boolean tls) {
        this.worker = worker;
        this.accepted = accepted;
        this.from = from;
        this.tls = tls;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        if (!tls) {
            speakHttp1(added);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
            speakHttp1(context);
        }
        context.fireUserEventTriggered(event);
    }

    private void speakHttp1(ChannelHandlerContext context) {
        var channel = accepted.channel();
        var connection = new ClientConnection(worker, channel, Peer.of(channel, from));
        accepted.speaks(connection);
        context.pipeline().replace(this, null, connection);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
