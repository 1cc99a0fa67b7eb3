package io.tickstorm.proxy.probing;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2ChannelDuplexHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.util.ReferenceCountUtil;

/** A check over HTTP/2: one stream of a connection that ends with it. */
abstract class Http2Check extends Http2ChannelDuplexHandler {
    private final Verdict verdict;

    Http2Check(Verdict verdict) {
        this.verdict = verdict;
    }

    /** At the end of a pipeline without HTTP/2 so far. */
    final void begin(ChannelPipeline pipeline) {
        // Closing says GOAWAY and waits for what runs; a check has nothing to wait for.
        var codec = Http2FrameCodecBuilder.forClient()
                .gracefulShutdownTimeoutMillis(0)
                .build();
        pipeline.addLast(codec, this);
    }

    final Verdict verdict() {
        return verdict;
    }

    /** A frame of the answer, which is released afterwards. */
    abstract void answered(Http2StreamFrame frame);

    @Override
    public final void channelRead(ChannelHandlerContext context, Object frame) {
        try {
            switch (frame) {
                case Http2ResetFrame reset -> verdict.failed("stream reset: " + Http2Error.valueOf(reset.errorCode()));
                case Http2StreamFrame ofTheAnswer -> answered(ofTheAnswer);
                default -> {
                    // Settings, pings and the like: the codec has answered them.
                }
            }
        } finally {
            ReferenceCountUtil.release(frame);
        }
    }

    @Override
    public final void channelInactive(ChannelHandlerContext context) {
        verdict.failed("closed without an answer");
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof Http2Exception) {
            verdict.failed("not an HTTP/2 answer");
        } else {
            verdict.broken(cause);
        }
    }
}
