package io.tickstorm.proxy.proxyprotocol;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.tickstorm.proxy.endpoint.ProxyProtocol;
import java.net.InetSocketAddress;

/**
 * Sends the PROXY protocol header as the first bytes of a connection that we open, and then gets out of the way. To be the first
 * handler, before one for TLS: the header is never encrypted. If it cannot be sent, the pipeline hears of it.
 */
public final class ProxyProtocolWriter extends ChannelDuplexHandler {
    private final ByteBuf header;
    private boolean sent;

    private ProxyProtocolWriter(ByteBuf header) {
        this.header = header;
    }

    /** For a connection that carries a client's; the parameters are those of {@link ProxyProtocolHeader#relayed}. */
    public static void relay(
            ChannelPipeline pipeline, ProxyProtocol version, InetSocketAddress source, InetSocketAddress destination) {
        if (version != ProxyProtocol.NONE) {
            var allocator = pipeline.channel().alloc();
            pipeline.addLast(
                    new ProxyProtocolWriter(ProxyProtocolHeader.relayed(version, source, destination, allocator)));
        }
    }

    /** For a connection of our own, such as a health check. */
    public static void local(ChannelPipeline pipeline, ProxyProtocol version) {
        if (version != ProxyProtocol.NONE) {
            var allocator = pipeline.channel().alloc();
            pipeline.addLast(new ProxyProtocolWriter(ProxyProtocolHeader.local(version, allocator)));
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        send(context);
        context.flush();
        context.fireChannelActive();
        context.pipeline().remove(this);
    }

    /** Whoever waits for the connection may write before the pipeline hears that it is active. */
    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        send(context);
        context.write(message, promise);
    }

    private void send(ChannelHandlerContext context) {
        if (!sent) {
            sent = true;
            context.write(header, context.voidPromise());
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (!sent) {
            sent = true;
            header.release();
        }
    }
}
