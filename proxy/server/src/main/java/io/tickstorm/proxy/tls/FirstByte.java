package io.tickstorm.proxy.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;

/**
 * Looks at the first byte of a connection and goes: who begins with a letter has most likely typed http:// for https://, and is
 * told so instead of getting an alert in binary.
 */
final class FirstByte extends ChannelInboundHandlerAdapter {
    /** ContentType.handshake (RFC 8446 section 5.1). */
    private static final int HANDSHAKE = 22;

    private static final String TEXT = "This port speaks TLS: the address has to begin with https://\n";
    private static final ByteBuf ANSWER = Unpooled.unreleasableBuffer(Unpooled.directBuffer()
            .writeBytes(("HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: "
                            + TEXT.length() + "\r\nConnection: close\r\n\r\n" + TEXT)
                    .getBytes(StandardCharsets.US_ASCII))
            .asReadOnly());

    private final SecuredEnd end;
    private boolean refused;

    FirstByte(SecuredEnd end) {
        this.end = end;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var bytes = (ByteBuf) message;
        if (refused || !bytes.isReadable()) {
            bytes.release();
            return;
        }
        int first = bytes.getByte(bytes.readerIndex());
        if (first == HANDSHAKE) {
            context.fireChannelRead(bytes);
            context.pipeline().remove(this);
            return;
        }
        bytes.release();
        refused = true;
        end.notTls(context);
        if (Character.isLetter(first)) {
            context.writeAndFlush(ANSWER.duplicate()).addListener(written -> context.close());
        } else {
            context.close();
        }
    }
}
