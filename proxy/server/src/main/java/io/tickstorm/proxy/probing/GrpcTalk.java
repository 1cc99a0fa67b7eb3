package io.tickstorm.proxy.probing;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.tickstorm.proxy.endpoint.EndpointId;
import io.tickstorm.proxy.health.Probe;
import org.jspecify.annotations.Nullable;

/**
 * Calls {@code grpc.health.v1.Health/Check} over HTTP/2 with prior knowledge. The call and its end are as in the protocol of
 * gRPC over HTTP/2: the status is in the trailers, or in the head of an answer that has nothing else.
 */
final class GrpcTalk extends Http2Check {
    private static final String OK = "0";

    private final Probe.Grpc probe;
    private final EndpointId target;
    private final GrpcHealth.Answer answer = new GrpcHealth.Answer();

    private GrpcTalk(Probe.Grpc probe, EndpointId target, Verdict verdict) {
        super(verdict);
        this.probe = probe;
        this.target = target;
    }

    static void begin(Probe.Grpc probe, EndpointId target, Verdict verdict, ChannelPipeline pipeline) {
        new GrpcTalk(probe, target, verdict).begin(pipeline);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        var head = new DefaultHttp2Headers()
                .method("POST")
                .scheme("http")
                .authority(target.address())
                .path("/grpc.health.v1.Health/Check")
                .add("te", "trailers")
                .add("content-type", "application/grpc")
                .add("user-agent", "tickstorm-health");
        var stream = newStream();
        context.write(new DefaultHttp2HeadersFrame(head).stream(stream));
        context.writeAndFlush(
                new DefaultHttp2DataFrame(GrpcHealth.request(context.alloc(), probe.service()), true).stream(stream));
    }

    @Override
    void answered(Http2StreamFrame frame) {
        switch (frame) {
            case Http2HeadersFrame head -> head(head.headers(), head.isEndStream());
            case Http2DataFrame data -> data(data.content(), data.isEndStream());
            default -> {
                // Windows that open.
            }
        }
    }

    private void head(Http2Headers fields, boolean last) {
        var status = fields.status();
        if (status != null && !"200".contentEquals(status)) {
            verdict().failed("status " + status);
            return;
        }
        var grpcStatus = fields.get("grpc-status");
        if (last) {
            end(grpcStatus, fields.get("grpc-message"));
        }
    }

    private void data(ByteBuf part, boolean last) {
        if (!answer.add(part)) {
            verdict().failed("not an answer of grpc.health.v1");
        } else if (last) {
            end(null, null);
        }
    }

    private void end(@Nullable CharSequence status, @Nullable CharSequence message) {
        if (status == null) {
            verdict().failed("an answer without grpc-status");
        } else if (!OK.contentEquals(status)) {
            verdict()
                    .failed("grpc-status " + GrpcHealth.statusName(status)
                            + (message == null || message.isEmpty() ? "" : ": " + message));
        } else {
            var said = answer.status();
            if (said == GrpcHealth.Status.SERVING) {
                verdict().passed();
            } else {
                verdict().failed(said == null ? "not an answer of grpc.health.v1" : said.toString());
            }
        }
    }
}
