package io.tickstorm.backend.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/**
 * Turns the bytes of a channel into {@link Frame}s.
 *
 * <p>The first {@link FrameFault} is fired as an exception, and every byte after it is thrown away: whoever handles it
 * should say so to the peer and close.
 */
public final class FrameDecoder extends ByteToMessageDecoder {
    private boolean lost;

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (lost) {
            in.skipBytes(in.readableBytes());
            return;
        }
        try {
            var frame = Frame.decode(in);
            if (frame != null) {
                out.add(frame);
            }
        } catch (FrameFault fault) {
            lost = true;
            in.skipBytes(in.readableBytes());
            context.fireExceptionCaught(fault);
        }
    }
}
