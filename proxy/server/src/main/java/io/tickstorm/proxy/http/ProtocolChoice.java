package io.tickstorm.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.tickstorm.proxy.admission.Client;
import org.jspecify.annotations.Nullable;

/**
 * Stands behind what a connection begins with (a PROXY header, a TLS handshake), finds out which protocol the client speaks, and
 * gives its place to that: with TLS what was agreed on in the handshake (ALPN), without it HTTP/2 if the client begins with its
 * preface, RFC 9113 section 3.3.
 *
 * <p>Without TLS the handler of HTTP/1.1 is there from the accept on, so that its deadline for the first head runs from there.
 */
final class ProtocolChoice extends ChannelInboundHandlerAdapter {
    private static final ByteBuf PREFACE = Http2CodecUtil.connectionPrefaceBuf();

    private final Worker worker;
    private final Accepted accepted;
    private final Client from;
    private final boolean tls;
    private @Nullable ClientConnection http1;
    private @Nullable ByteBuf held;

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
            var agreed = context.pipeline().get(SslHandler.class).applicationProtocol();
            if (ApplicationProtocolNames.HTTP_2.equals(agreed)) {
                speakHttp2(context);
            } else {
                speakHttp1(context);
                context.pipeline().remove(this);
            }
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var in = (ByteBuf) message;
        if (held != null) {
            in = Buffers.join(context.alloc(), held, in);
            held = null;
        }
        int count = Math.min(in.readableBytes(), PREFACE.readableBytes());
        boolean begins = worker.listening().http2().enabled()
                && in.slice(in.readerIndex(), count).equals(PREFACE.slice(PREFACE.readerIndex(), count));
        if (!begins) {
            context.fireChannelRead(in);
            context.pipeline().remove(this);
        } else if (count < PREFACE.readableBytes()) {
            held = in;
        } else {
            speakHttp2(context);
            context.pipeline().fireChannelRead(in);
        }
    }

    private void speakHttp1(ChannelHandlerContext context) {
        http1 = new ClientConnection(worker, accepted.channel(), peer("1.1"));
        accepted.speaks(http1);
        context.pipeline().addLast(http1);
    }

    private Peer peer(String version) {
        return Peer.of(accepted.channel(), from, worker.listening().forwarded(), version);
    }

    private void speakHttp2(ChannelHandlerContext context) {
        if (http1 != null) {
            context.pipeline().remove(http1);
        }
        var connection = new Multiplexed(worker, accepted.channel(), peer("2.0"));
        accepted.speaks(connection);
        connection.install();
        context.pipeline().remove(this);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (held != null) {
            held.release();
            held = null;
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        handlerRemoved(context);
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
