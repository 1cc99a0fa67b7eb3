package io.tickstorm.proxy.probing;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.tickstorm.proxy.endpoint.EndpointId;
import io.tickstorm.proxy.health.Probe;

/** Sends GET over HTTP/2 and looks at the status. */
final class Http2Talk extends Http2Check {
    private final Probe.Http probe;
    private final EndpointId target;
    private final String scheme;

    private Http2Talk(Probe.Http probe, EndpointId target, String scheme, Verdict verdict) {
        super(verdict);
        this.probe = probe;
        this.target = target;
        this.scheme = scheme;
    }

    /** @param secure whether the connection has TLS */
    static void begin(Probe.Http probe, EndpointId target, boolean secure, Verdict verdict, ChannelPipeline pipeline) {
        new Http2Talk(probe, target, secure ? "https" : "http", verdict).begin(pipeline);
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
    void answered(Http2StreamFrame frame) {
        if (frame instanceof Http2HeadersFrame head) {
            judge(String.valueOf(head.headers().status()));
        }
    }

    private void judge(String status) {
        if (!status.matches("[1-5][0-9]{2}")) {
            verdict().failed("not an HTTP/2 answer");
        } else if (!status.startsWith("1")) { // what follows is the answer
            if (probe.expectedStatus().contains(Integer.parseInt(status))) {
                verdict().passed();
            } else {
                verdict().failed("status " + status);
            }
        }
    }
}
