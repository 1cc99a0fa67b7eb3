package io.tickstorm.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** Bytes of a head that came in more than one piece. */
final class Buffers {
    private Buffers() {}

    /** One buffer with both, in order; takes both. Room is doubled, so that a head that trickles in is not copied each time. */
    static ByteBuf join(ByteBufAllocator allocator, ByteBuf first, ByteBuf second) {
        if (!first.isReadable()) {
            first.release();
            return second;
        }
        var whole = first;
        int size = first.readableBytes() + second.readableBytes();
        if (first.refCnt() > 1 || first.writableBytes() < second.readableBytes()) {
            whole = allocator.directBuffer(2 * size);
            whole.writeBytes(first);
            first.release();
        }
        whole.writeBytes(second);
        second.release();
        return whole;
    }
}
