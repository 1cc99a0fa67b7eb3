package io.tickstorm.proxy.probing;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2ChannelDuplexHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;
import io.tickstorm.proxy.endpoint.EndpointId;
import io.tickstorm.proxy.health.Probe;

/** Sends GET over HTTP/2 and looks at the status. */
final class Http2Talk extends Http2ChannelDuplexHandler {
    private final Probe.Http probe;
    private final EndpointId target;
    private final String scheme;
    private final Verdict verdict;

    private Http2Talk(Probe.Http probe, EndpointId target, String scheme, Verdict verdict) {
        this.probe = probe;
        this.target = target;
        this.scheme = scheme;
        this.verdict = verdict;
    }

    /** @param secure whether the connection has TLS */
    static void begin(Probe.Http probe, EndpointId target, boolean secure, Verdict verdict, ChannelPipeline pipeline) {
        // Closing says GOAWAY and waits for what runs; a check has nothing to wait for.
        var codec = Http2FrameCodecBuilder.forClient()
                .gracefulShutdownTimeoutMillis(0)
                .build();
        pipeline.addLast(codec, new Http2Talk(probe, target, secure ? "https" : "http", verdict));
    }

    @Override
    protected void handlerAdded0(ChannelHandlerContext context) {
        if (context.channel().isActive()) {
            ask(context);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        ask(context);
    }

    private void ask(ChannelHandlerContext context) {
        var head = new DefaultHttp2Headers()
                .method("GET")
                .scheme(scheme)
                .authority(target.address())
                .path(probe.path())
                .add("accept", "*/*")
                .add("user-agent", "tickstorm-health");
        context.writeAndFlush(new DefaultHttp2HeadersFrame(head, true).stream(newStream()));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object frame) {
        try {
            switch (frame) {
                case Http2HeadersFrame head ->
                    judge(String.valueOf(head.headers().status()));
                case Http2ResetFrame reset -> verdict.failed("stream reset: " + Http2Error.valueOf(reset.errorCode()));
                default -> {
                    // Settings, pings and the like: the codec has answered them.
                }
            }
        } finally {
            ReferenceCountUtil.release(frame);
        }
    }

    private void judge(String status) {
        if (!status.matches("[1-5][0-9]{2}")) {
            verdict.failed("not an HTTP/2 answer");
        } else if (!status.startsWith("1")) { // what follows is the answer
            if (probe.expectedStatus().contains(Integer.parseInt(status))) {
                verdict.passed();
            } else {
                verdict.failed("status " + status);
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        verdict.failed("closed without an answer");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof Http2Exception) {
            verdict.failed("not an HTTP/2 answer");
        } else {
            verdict.broken(cause);
        }
    }
}
