package io.tickstorm.proxy.admission;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** How many connections may be open at once. Any thread; never lets one too many in. */
public final class ConnectionLimit {
    private volatile int max;
    private final AtomicInteger open = new AtomicInteger();
    private final LongAdder accepted = new LongAdder();
    private final LongAdder refused = new LongAdder();

    /** @param max 1 or more */
    public ConnectionLimit(int max) {
        this.max = checked(max);
    }

    /** A new limit, 1 or more. What is open stays open, also if that is more. */
    public void limit(int changed) {
        max = checked(changed);
    }

    private static int checked(int max) {
        if (max < 1) {
            throw new IllegalArgumentException("max: " + max + " (expected: 1 or more)");
        }
        return max;
    }

    /** Takes a place; false if there is none. Whoever got true calls {@link #release} once. */
    public boolean tryAcquire() {
        int now;
        do {
            now = open.get();
            if (now >= max) {
                refused.increment();
                return false;
            }
        } while (!open.compareAndSet(now, now + 1));
        accepted.increment();
        return true;
    }

    /** Gives a place back. */
    public void release() {
        open.decrementAndGet();
    }

    public int max() {
        return max;
    }

    /** Places taken now; exact. */
    public int open() {
        return open.get();
    }

    /** Places ever taken. */
    public long accepted() {
        return accepted.sum();
    }

    /** How often there was no place. */
    public long refused() {
        return refused.sum();
    }
}
