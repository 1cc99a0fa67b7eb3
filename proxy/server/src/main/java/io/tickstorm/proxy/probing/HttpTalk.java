package io.tickstorm.proxy.probing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.tickstorm.proxy.endpoint.EndpointId;
import io.tickstorm.proxy.health.Probe;
import java.nio.charset.StandardCharsets;

/** Sends GET over HTTP/1.1 and looks at the status. */
final class HttpTalk extends ChannelInboundHandlerAdapter {
    /** {@code HTTP/1.1 200}: RFC 9112 section 4; what follows does not matter here. */
    private static final int STATUS_END = 12;

    private static final int STATUS_START = 9;

    private final Probe.Http probe;
    private final EndpointId target;
    private final Verdict verdict;
    private final byte[] head = new byte[STATUS_END];
    private int received;

    HttpTalk(Probe.Http probe, EndpointId target, Verdict verdict) {
        this.probe = probe;
        this.target = target;
        this.verdict = verdict;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        context.writeAndFlush(Unpooled.copiedBuffer(request(), StandardCharsets.US_ASCII));
    }

    private String request() {
        return "GET " + probe.path() + " HTTP/1.1\r\nHost: " + target.address()
                + "\r\nUser-Agent: tickstorm-health\r\nAccept: */*\r\nConnection: close\r\n\r\n";
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object data) {
        var bytes = (ByteBuf) data;
        try {
            int length = Math.min(bytes.readableBytes(), STATUS_END - received);
            bytes.readBytes(head, received, length);
            received += length;
        } finally {
            bytes.release();
        }
        if (received == STATUS_END) {
            judge(new String(head, StandardCharsets.ISO_8859_1));
        }
    }

    private void judge(String start) {
        if (!start.matches("HTTP/1\\.[01] [1-5][0-9]{2}")) {
            verdict.failed("not an HTTP/1 answer");
            return;
        }
        int status = Integer.parseInt(start, STATUS_START, STATUS_END, 10);
        if (probe.expectedStatus().contains(status)) {
            verdict.passed();
        } else {
            verdict.failed("status " + status);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        verdict.failed("closed without an answer");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        verdict.broken(cause);
    }
}
