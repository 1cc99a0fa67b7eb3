package io.tickstorm.proxy.probing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.tickstorm.proxy.health.Probe;
import io.tickstorm.proxy.settings.ByteText;
import java.nio.charset.StandardCharsets;

/** Connects, says its word if it has one, and looks for another one in what comes. */
final class TcpTalk extends ChannelInboundHandlerAdapter {
    /** What is shown of an answer: a line, but not a page. */
    private static final int SHOWN = 80;

    private final Probe.Tcp probe;
    private final Verdict verdict;
    private final StringBuilder received = new StringBuilder();

    TcpTalk(Probe.Tcp probe, Verdict verdict) {
        this.probe = probe;
        this.verdict = verdict;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (probe.expect().isEmpty()) {
            verdict.passed();
        } else if (!probe.send().isEmpty()) {
            context.writeAndFlush(Unpooled.copiedBuffer(probe.send().bytes(), StandardCharsets.ISO_8859_1));
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object data) {
        var bytes = (ByteBuf) data;
        int length = Math.min(bytes.readableBytes(), Probe.Tcp.MOST_EXPECTED_WITHIN - received.length());
        received.append(bytes.toString(bytes.readerIndex(), length, StandardCharsets.ISO_8859_1));
        bytes.release();
        if (received.indexOf(probe.expect().bytes()) >= 0) {
            verdict.passed();
        } else if (received.length() == Probe.Tcp.MOST_EXPECTED_WITHIN) {
            verdict.failed(missing());
        } else {
            verdict.soFar(missing());
        }
    }

    private String missing() {
        var shown = new ByteText(received.substring(0, Math.min(received.length(), SHOWN)));
        return "no \"" + probe.expect() + "\" in " + received.length() + " bytes: \"" + shown + "\"";
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        verdict.failed(received.isEmpty() ? "closed without an answer" : missing());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        verdict.broken(cause);
    }
}
