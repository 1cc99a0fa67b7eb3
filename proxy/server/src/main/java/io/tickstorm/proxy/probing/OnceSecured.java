package io.tickstorm.proxy.probing;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.tickstorm.proxy.tls.Reasons;
import java.util.function.Consumer;

/** Keeps a check from beginning before its connection is secured; its handlers then believe that it was opened only now. */
final class OnceSecured extends ChannelInboundHandlerAdapter {
    private final Consumer<ChannelPipeline> talk;
    private final Verdict verdict;

    OnceSecured(Consumer<ChannelPipeline> talk, Verdict verdict) {
        this.talk = talk;
        this.verdict = verdict;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        // told later
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (!(event instanceof SslHandshakeCompletionEvent handshake)) {
            context.fireUserEventTriggered(event);
        } else if (handshake.isSuccess()) {
            talk.accept(context.pipeline());
            context.fireChannelActive();
            context.pipeline().remove(this);
        } else {
            verdict.failed("no TLS: " + Reasons.of(handshake.cause()));
        }
    }
}
