package io.tickstorm.proxy.endpoint;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How long an upstream took of late: a moving average that follows a rise at once and a fall slowly. Any thread; no lock, no
 * allocation.
 *
 * <p>Peak-EWMA as in Finagle ({@code PeakEwma.scala}): a sample above the average replaces it, one below moves it by {@code
 * 1 - exp(-t/tau)}, where t is the time since the last one. So it hardly matters how many samples come, and the average of an
 * upstream that gets none decays: it is tried again some day.
 */
public final class Latency {
    /** After this time, in nanoseconds, a sample counts for a third (1/e) of what it did: 10 s, as in Finagle and Linkerd. */
    private static final double TAU = 10e9;
    // Cost and time share one word, so that both change at once: the cost as a float in the upper half, the time in
    // units
    // of 2^20 ns (about a millisecond, a ten-thousandth of tau) in the lower one, which wraps after 52 days.
    private static final int TIME_SHIFT = 20;
    // A clock that was read before another thread stored a later time is behind by less than this many units.
    private static final int SKEW = 1_000;
    // A tenth of tau: a second.
    private static final double SHORT = 0.1;
    // Below a nanosecond all costs are the same.
    private static final float LEAST = 1;

    // 0 = never measured; the cost is at least LEAST, so no measurement looks like that.
    private final AtomicLong state = new AtomicLong();

    /** @param nanos zero or more */
    public void observe(long nanos, long now) {
        long before;
        long after;
        do {
            before = state.get();
            float cost = cost(before);
            double kept = nanos >= cost ? 0 : decay(before, now);
            after = word((float) (cost * kept + nanos * (1 - kept)), now);
        } while (!state.compareAndSet(before, after));
    }

    /** The average in nanoseconds, as it has decayed until now; 0 = never measured, otherwise 1 or more. */
    public double at(long now) {
        long word = state.get();
        return word == 0 ? 0 : Math.max(LEAST, cost(word) * decay(word, now));
    }

    private static double decay(long word, long now) {
        int units = (int) (now >> TIME_SHIFT) - (int) word;
        long elapsed = units < 0 && units >= -SKEW ? 0 : Integer.toUnsignedLong(units);
        double x = (elapsed << TIME_SHIFT) / TAU;
        // The first terms of the series are a quarter of the work, and off by less than x^3/6: two in ten thousand.
        return x < SHORT ? 1 - x + x * x / 2 : Math.exp(-x);
    }

    private static float cost(long word) {
        return Float.intBitsToFloat((int) (word >>> Integer.SIZE));
    }

    private static long word(float cost, long now) {
        long bits = Float.floatToRawIntBits(Math.max(LEAST, cost));
        return bits << Integer.SIZE | Integer.toUnsignedLong((int) (now >> TIME_SHIFT));
    }
}
