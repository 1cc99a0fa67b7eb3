package io.tickstorm.proxy.admission;

import io.tickstorm.proxy.time.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * When to tell each of many sessions, which would not end by themselves, to end: spread evenly over the time there is, so that
 * their clients do not all come back at once. Any thread.
 *
 * <p>The n-th one has its turn at the fractional part of n times the golden ratio, from a random start: whatever their number, and
 * without knowing it, they lie about evenly (the three-gap theorem; Knuth, The Art of Computer Programming, volume 3, section
 * 6.4).
 */
public final class Parting {
    /** What is left of the time after the last one was told: enough for its answer, and for that of one that is slow. */
    private static final int LAST_PART = 4;

    /** There are not more different waits than this, however many sessions there are. */
    private static final int STEPS = 256;

    private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

    private final Ticker ticker;
    private final long began;
    private final Duration step;
    private final Duration patience;
    private final double start;
    private final AtomicInteger told = new AtomicInteger();

    /** @param window from now until whatever still runs is cut off; zero or more */
    public Parting(Duration window, Ticker ticker, RandomGenerator random) {
        this.ticker = ticker;
        began = ticker.nanos();
        patience = window.dividedBy(2 * LAST_PART);
        step = window.minus(window.dividedBy(LAST_PART)).dividedBy(STEPS);
        start = random.nextDouble();
    }

    /** How long the next one still has until it is told; zero = none. */
    public Duration turn() {
        if (step.isZero()) {
            return Duration.ZERO;
        }
        double place = (start + told.getAndIncrement() * GOLDEN) % 1;
        long gone = (ticker.nanos() - began) / step.toNanos();
        return step.multipliedBy(Math.max(0, (long) (place * STEPS) + 1 - gone));
    }

    /** How long one that was told has for its answer; zero = it is not waited for. */
    public Duration patience() {
        return patience;
    }
}
