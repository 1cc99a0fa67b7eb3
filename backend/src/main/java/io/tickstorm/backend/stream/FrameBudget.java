package io.tickstorm.backend.stream;

/**
 * How many frames one client may send: a token bucket. One event loop.
 *
 * <p>Per session and not per address, because behind a balancer all clients have the balancer's address.
 */
final class FrameBudget {
    /** A client needs three frames at the start and then one in 15 s; a hundred at once is a fault. */
    private static final int BURST = 100;

    /** Ten times a second is 150 times what the wire format asks for. */
    private static final long NANOS_PER_FRAME = 100_000_000;

    private static final long FULL = BURST * NANOS_PER_FRAME;

    private long creditNanos = FULL;
    private long lastNanos;

    FrameBudget(long nowNanos) {
        lastNanos = nowNanos;
    }

    boolean tryTake(long nowNanos) {
        creditNanos = Math.min(FULL, creditNanos + (nowNanos - lastNanos));
        lastNanos = nowNanos;
        if (creditNanos < NANOS_PER_FRAME) {
            return false;
        }
        creditNanos -= NANOS_PER_FRAME;
        return true;
    }
}
