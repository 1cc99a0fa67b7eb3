package io.tickstorm.proxy.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.tickstorm.proxy.transport.Ends;
import org.jspecify.annotations.Nullable;

/**
 * Makes the end of a secured connection look like that of a plain one to what comes after it. The peer's close_notify is the end
 * of its direction. An end of the socket that close_notify did not announce is none: anybody on the way can make one (RFC 8446
 * section 6.1), so it arrives as a failure.
 */
final class SecuredEnd extends ChannelDuplexHandler {
    private final SslHandler handler;
    private final @Nullable Handshakes handshakes;
    private boolean complete;
    private boolean announced;
    private boolean own;

    /** @param handshakes who is told of the handshake; null on the client's side, where the one who connects is */
    SecuredEnd(SslHandler handler, @Nullable Handshakes handshakes) {
        this.handler = handler;
        this.handshakes = handshakes;
    }

    /** Puts the handler and what belongs to it at the end of a pipeline. */
    void install(ChannelPipeline pipeline) {
        var channel = pipeline.channel();
        boolean halves = Boolean.TRUE.equals(channel.config().getOption(ChannelOption.ALLOW_HALF_CLOSURE));
        var held = halves ? new HeldClose(handler) : null;
        if (held != null) {
            pipeline.addLast(held);
        }
        pipeline.addLast(handler, this);
        channel.attr(Ends.KEY).set(new Secured(handler, held));
    }

    /** What came cannot be TLS. */
    void notTls(ChannelHandlerContext context) {
        if (handshakes != null) {
            handshakes.failed(context.channel(), HandshakeFailure.NOT_TLS, "its first byte is that of no handshake");
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        if (context.channel().isActive()) {
            listen(context);
        }
    }

    /** The handshake needs the peer's bytes even where nobody reads yet. */
    @Override
    public void channelActive(ChannelHandlerContext context) {
        context.fireChannelActive();
        listen(context);
    }

    /** From below the handler, which would else read again after the handshake. */
    private void listen(ChannelHandlerContext context) {
        context.pipeline().context(handler).read();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        switch (event) {
            case SslHandshakeCompletionEvent handshake -> handshake(context, handshake);
            case SslCloseCompletionEvent close -> close(context, close);
            case ChannelInputShutdownEvent shutdown -> {
                if (!announced) {
                    cut(context);
                }
            }
            default -> context.fireUserEventTriggered(event);
        }
    }

    private void handshake(ChannelHandlerContext context, SslHandshakeCompletionEvent event) {
        complete = event.isSuccess();
        if (handshakes == null) {
            context.fireUserEventTriggered(event);
            return;
        }
        if (complete) {
            handshakes.done(handler);
        } else {
            handshakes.failed(context.channel(), event.cause());
        }
        context.fireUserEventTriggered(event);
    }

    private void close(ChannelHandlerContext context, SslCloseCompletionEvent event) {
        if (!event.isSuccess()) {
            cut(context);
            return;
        }
        announced = true;
        if (Boolean.TRUE.equals(context.channel().config().getOption(ChannelOption.ALLOW_HALF_CLOSURE))) {
            context.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        } else {
            context.close();
        }
    }

    private void cut(ChannelHandlerContext context) {
        if (complete && !own && !announced) {
            announced = true;
            context.fireExceptionCaught(new TruncatedException());
        }
    }

    /** Before the handshake is complete it was told by the event, and the connection is being closed. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (complete) {
            context.fireExceptionCaught(cause);
        }
    }

    /**
     * Once the peer has ended its direction, most engines send nothing more. What is written then must not vanish without a word,
     * as it does in the handler below if nobody waits for the result.
     */
    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (!announced || !handler.engine().isOutboundDone()) {
            context.write(message, promise);
            return;
        }
        boolean something = message instanceof ByteBuf bytes && bytes.isReadable();
        ReferenceCountUtil.release(message);
        if (something) {
            var lost = new TruncatedException();
            promise.tryFailure(lost);
            context.fireExceptionCaught(lost);
        } else {
            promise.trySuccess();
        }
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        own = true;
        context.close(promise);
    }
}
