package io.tickstorm.proxy.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.random.RandomGenerator;

/** The Close frame of an end that goes away: status 1001, RFC 6455 sections 5.5.1 and 7.4.1. */
public final class GoingAway {
    private static final int CLOSE = 0x88;
    private static final int MASKED = 0x80;
    private static final int STATUS = 1001;

    private GoingAway() {}

    /** As a server says it. */
    public static ByteBuf toClient(ByteBufAllocator allocator) {
        return allocator
                .buffer(2 + Short.BYTES)
                .writeByte(CLOSE)
                .writeByte(Short.BYTES)
                .writeShort(STATUS);
    }

    /**
     * As a client says it, which is masked.
     *
     * @param random need not be strong: a mask keeps applications from choosing the bytes on the wire, and none chose these
     */
    public static ByteBuf toServer(ByteBufAllocator allocator, RandomGenerator random) {
        int mask = random.nextInt();
        return allocator
                .buffer(2 + Integer.BYTES + Short.BYTES)
                .writeByte(CLOSE)
                .writeByte(MASKED | Short.BYTES)
                .writeInt(mask)
                .writeShort(STATUS ^ mask >>> Short.SIZE);
    }
}
