package io.tickstorm.proxy.tls;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;

/** What holds for a connection that may or may not speak TLS. On its event loop. */
public final class Secured {
    private Secured() {}

    /** Whether it speaks TLS; for a stream, whether its connection does. */
    public static boolean is(Channel channel) {
        return handler(channel) != null;
    }

    /** The protocol that was agreed on by ALPN; null if none was, or the connection is plain. */
    public static @Nullable String applicationProtocol(Channel channel) {
        var handler = handler(channel);
        return handler == null ? null : handler.applicationProtocol();
    }

    /**
     * Says that nothing more will be sent: over TLS by close_notify, else by FIN. What was written before goes first. Over
     * TLS the socket stays open for what TLS itself may still have to say.
     */
    public static ChannelFuture endOutput(SocketChannel channel) {
        var handler = handler(channel);
        return handler == null ? channel.shutdownOutput() : handler.closeOutbound();
    }

    /**
     * Closes so that the peer sees a reset. Over TLS without close_notify, because this would make what is cut off look
     * complete (RFC 8446 section 6.1).
     */
    public static void reset(SocketChannel channel) {
        if (!channel.isOpen()) {
            return;
        }
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        var handler = channel.pipeline().context(SslHandler.class);
        if (handler == null) {
            channel.close();
        } else {
            handler.close(); // begins below the handler, which would say close_notify
        }
    }

    static @Nullable SslHandler handler(Channel channel) {
        for (Channel each = channel; each != null; each = each.parent()) {
            var handler = each.pipeline().get(SslHandler.class);
            if (handler != null) {
                return handler;
            }
        }
        return null;
    }
}
