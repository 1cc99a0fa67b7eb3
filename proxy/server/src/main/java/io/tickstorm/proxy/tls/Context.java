package io.tickstorm.proxy.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * A context of an engine, whose memory is freed when it was replaced and its last connection has gone: BoringSSL's is not on our
 * heap. Any thread.
 */
final class Context {
    private final SslContext context;

    Context(SslContext context) {
        this.context = context;
    }

    /**
     * For a new connection.
     *
     * @param peer the name that is asked for, and looked for in the certificate; null for none, and on the server's side
     * @return null if it was released in the meantime
     */
    @Nullable
    SslHandler handler(ByteBufAllocator allocator, @Nullable String peer, int port) {
        try {
            ReferenceCountUtil.retain(context);
        } catch (IllegalReferenceCountException released) {
            return null;
        }
        try {
            return peer == null ? context.newHandler(allocator) : context.newHandler(allocator, peer, port);
        } finally {
            ReferenceCountUtil.release(context);
        }
    }

    /** No new connections; those that are open go on. */
    void release() {
        ReferenceCountUtil.release(context);
    }
}
