package io.tickstorm.operator.reconcile;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait after failures in a row: doubling from 1 s to 5 min, each a random part of the second half, so that many that failed together do not come back together. */
final class Backoff {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(5);
    /** 2^9 s is above {@link #LONGEST}. */
    private static final int STEPS = 9;

    private final RandomGenerator random;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    /** @param failures in a row, 1 or more */
    Duration after(int failures) {
        var doubled = FIRST.multipliedBy(1L << Math.min(failures - 1, STEPS));
        var full = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
        return full.dividedBy(2).plusNanos(random.nextLong(full.toNanos() / 2 + 1));
    }
}
