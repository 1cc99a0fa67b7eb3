package io.tickstorm.proxy.tls;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Keeps back the close_notify that an engine sends of its own accord, as BoringSSL under Netty does, and every engine in TLS 1.2
 * (RFC 5246 section 7.2.1), as soon as the peer has ended its direction. Ours may not be complete then. If it turns out that it
 * is, the close_notify goes out; if there was more to say, which such an engine cannot send any more, the connection is
 * reset without it, and the peer knows that it did not get all.
 */
final class HeldClose extends ChannelOutboundHandlerAdapter {
    private final SslHandler handler;
    private final Queue<Held> held = new ArrayDeque<>(1);
    private @Nullable ChannelHandlerContext context;
    private boolean ended;

    private record Held(Object message, ChannelPromise promise) {}

    HeldClose(SslHandler handler) {
        this.handler = handler;
    }

    @Nullable
    ChannelHandlerContext context() {
        return context;
    }

    /** Our direction is complete. Returns false if nothing was kept back, so that it still has to be said. */
    boolean end() {
        ended = true;
        if (held.isEmpty() || context == null) {
            return false;
        }
        for (var each = held.poll(); each != null; each = held.poll()) {
            context.write(each.message(), each.promise());
        }
        context.flush();
        return true;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public void write(ChannelHandlerContext from, Object message, ChannelPromise promise) {
        var engine = handler.engine();
        if (!ended && engine.isInboundDone() && engine.isOutboundDone()) {
            held.add(new Held(message, promise));
        } else {
            from.write(message, promise);
        }
    }

    /** An orderly end, which comes through the engine; a reset goes past us. */
    @Override
    public void close(ChannelHandlerContext from, ChannelPromise promise) {
        end();
        from.close(promise);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext from) {
        for (var each = held.poll(); each != null; each = held.poll()) {
            ReferenceCountUtil.release(each.message());
            each.promise().cancel(false);
        }
    }
}
