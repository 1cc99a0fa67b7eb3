package io.tickstorm.proxy.tls;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslHandler;
import io.tickstorm.proxy.transport.Ends;
import org.jspecify.annotations.Nullable;

/**
 * How a secured connection ends. Its output ends by close_notify, and the socket stays open for what TLS itself may still have to
 * say. A reset leaves close_notify out, because this would make what is cut off look complete (RFC 8446 section 6.1).
 */
final class Secured implements Ends {
    private final SslHandler handler;
    private final @Nullable HeldClose held;
    private boolean ended;

    /** @param held null where the peer's end is ours, too */
    Secured(SslHandler handler, @Nullable HeldClose held) {
        this.handler = handler;
        this.held = held;
    }

    /** Null if the connection, for a stream the one below it, is plain. */
    static @Nullable SslHandler handler(Channel channel) {
        for (Channel each = channel; each != null; each = each.parent()) {
            var found = each.pipeline().get(SslHandler.class);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    @Override
    public void endOutput(Channel channel) {
        if (!ended && channel.isActive()) {
            ended = true;
            if (held == null || !held.end()) {
                handler.closeOutbound();
            }
        }
    }

    @Override
    public boolean outputEnded(Channel channel) {
        return ended;
    }

    @Override
    public void reset(Channel channel) {
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        var below = held == null ? channel.pipeline().context(handler) : held.context();
        if (below == null) {
            channel.close();
        } else {
            below.close(); // begins below what would say close_notify
        }
    }
}
