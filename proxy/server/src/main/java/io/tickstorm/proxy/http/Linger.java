package io.tickstorm.proxy.http;

import io.netty.buffer.ByteBuf;
import java.time.Duration;

/**
 * How long, and for how many bytes, a client that is still sending is listened to after the last answer. Closing at once would
 * make our kernel answer its bytes with a reset, which destroys the answer in its receive buffer.
 */
final class Linger {
    static final Duration TIME = Duration.ofSeconds(2);

    private static final int MAX_BYTES = 1024 * 1024;

    private int bytes;

    /** Drops what has come; false when it is too much. */
    boolean drop(ByteBuf in) {
        bytes += in.readableBytes();
        in.release();
        return bytes <= MAX_BYTES;
    }
}
