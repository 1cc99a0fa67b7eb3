package io.tickstorm.proxy.history;

import io.tickstorm.proxy.endpoint.Histogram;
import io.tickstorm.proxy.endpoint.Tally;
import java.util.Arrays;
import java.util.List;

/** Counts that only grow, read at one moment; their differences are what happened between. */
final class Counts {
    private static final int REQUESTS = 0;
    private static final int FAILURES = 1;
    private static final int RETRIES = 2;
    private static final int BUCKETS = 3;

    private static final long[] BOUNDS = Histogram.bounds();
    private static final double NANOS = 1e9;

    static final Counts NONE = new Counts(new long[BUCKETS + BOUNDS.length + 1]);

    private final long[] values;

    private Counts(long[] values) {
        this.values = values;
    }

    static Counts of(Tally tally) {
        var values = new long[NONE.values.length];
        values[REQUESTS] = tally.requests();
        values[FAILURES] = tally.failures();
        values[RETRIES] = tally.retries();
        var buckets = tally.answers().snapshot().counts();
        System.arraycopy(buckets, 0, values, BUCKETS, buckets.length);
        return new Counts(values);
    }

    Counts minus(Counts before) {
        var difference = new long[values.length];
        Arrays.setAll(difference, i -> values[i] - before.values[i]);
        return new Counts(difference);
    }

    Counts plus(Counts other) {
        var sum = new long[values.length];
        Arrays.setAll(sum, i -> values[i] + other.values[i]);
        return new Counts(sum);
    }

    /** What it comes to for each of so many seconds. */
    Rates over(double seconds) {
        if (seconds <= 0) {
            return Rates.NONE;
        }
        return new Rates(
                values[REQUESTS] / seconds,
                values[FAILURES] / seconds,
                values[RETRIES] / seconds,
                quantile(0.50),
                quantile(0.99));
    }

    /** Those that were answered, for each bucket. */
    List<Long> answers() {
        return Arrays.stream(values, BUCKETS, values.length).boxed().toList();
    }

    /** In seconds; within a bucket as if all of it were spread evenly, so it is off by a factor of 2.5 at the worst. */
    private double quantile(double part) {
        long all = 0;
        for (int i = BUCKETS; i < values.length; i++) {
            all += values[i];
        }
        if (all <= 0) {
            return Double.NaN;
        }
        double wanted = part * all;
        double seen = 0;
        for (int i = 0; i < BOUNDS.length; i++) {
            double here = values[BUCKETS + i];
            if (here > 0 && seen + here >= wanted) {
                double below = i == 0 ? 0 : BOUNDS[i - 1];
                return (below + (BOUNDS[i] - below) * (wanted - seen) / here) / NANOS;
            }
            seen += here;
        }
        return BOUNDS[BOUNDS.length - 1] / NANOS;
    }
}
