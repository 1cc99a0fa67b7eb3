package io.tickstorm.proxy.http2;

import io.tickstorm.proxy.time.Ticker;

/**
 * How much of something a client may do that costs work and brings nothing: a bucket that is full at first, fills again with
 * time, and faster by what the client does that is of use. For one event loop.
 */
final class Allowance {
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final Ticker ticker;
    private final int capacity;
    private final long nanosPerUnit;
    private long left;
    private long filled;

    /**
     * @param capacity how much at once, 1 or more
     * @param seconds in which an empty bucket fills by itself
     */
    Allowance(Ticker ticker, int capacity, int seconds) {
        this.ticker = ticker;
        this.capacity = capacity;
        nanosPerUnit = Math.max(1, seconds * NANOS_PER_SECOND / capacity);
        left = capacity;
        filled = ticker.nanos();
    }

    /** Something of use was done. */
    void earn(int units) {
        left = Math.min(capacity, left + units);
    }

    /** Takes one; false if there is none. */
    boolean spend() {
        if (left == 0) {
            long units = (ticker.nanos() - filled) / nanosPerUnit;
            filled += units * nanosPerUnit;
            left = Math.min(capacity, units);
        }
        if (left == 0) {
            return false;
        }
        left--;
        return true;
    }
}
