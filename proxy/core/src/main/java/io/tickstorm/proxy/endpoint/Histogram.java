package io.tickstorm.proxy.endpoint;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/**
 * How long things took, counted in buckets with fixed bounds. Any thread; recording takes no lock and allocates nothing.
 *
 * <p>The bounds follow 1, 2.5, 5, 10 from half a millisecond, below which a proxy's own share hides differences, to 30 s, above
 * which a request has failed for most people. So 16 series tell a quantile to within a factor of 2.5 at the worst, which
 * finds the slow one among upstreams; 500 upstreams have 8,000 series, which one scrape can bear.
 */
public final class Histogram {
    private static final long[] BOUNDS = Stream.of(
                    "PT0.0005S",
                    "PT0.001S",
                    "PT0.0025S",
                    "PT0.005S",
                    "PT0.01S",
                    "PT0.025S",
                    "PT0.05S",
                    "PT0.1S",
                    "PT0.25S",
                    "PT0.5S",
                    "PT1S",
                    "PT2.5S",
                    "PT5S",
                    "PT10S",
                    "PT30S")
            .mapToLong(text -> Duration.parse(text).toNanos())
            .toArray();

    private final LongAdder[] counts = new LongAdder[BOUNDS.length + 1];
    private final LongAdder sum = new LongAdder();

    public Histogram() {
        Arrays.setAll(counts, i -> new LongAdder());
    }

    /**
     * What was counted until a moment; immutable.
     *
     * @param counts for each bound those at most as long and above the bound before; one more for those above all bounds
     * @param sumNanos of all that was counted
     */
    public record Snapshot(long[] counts, long sumNanos) {
        private static final int WHOLE = 100;

        public Snapshot {
            counts = counts.clone();
        }

        @Override
        public long[] counts() {
            return counts.clone();
        }

        public long count() {
            return Arrays.stream(counts).sum();
        }

        /** Both together; of two upstreams, for example. */
        public Snapshot plus(Snapshot other) {
            var both = counts();
            Arrays.setAll(both, i -> both[i] + other.counts[i]);
            return new Snapshot(both, sumNanos + other.sumNanos);
        }

        /**
         * The bound that so many percent stayed within, in nanoseconds: the true quantile is at most that. {@link
         * Long#MAX_VALUE} if it is above all bounds, 0 if nothing was counted.
         */
        public long within(int percent) {
            long all = count();
            long wanted = (all * percent + WHOLE - 1) / WHOLE;
            long seen = 0;
            for (int i = 0; i < BOUNDS.length; i++) {
                seen += counts[i];
                if (seen >= wanted) {
                    return all == 0 ? 0 : BOUNDS[i];
                }
            }
            return Long.MAX_VALUE;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Snapshot snapshot
                    && sumNanos == snapshot.sumNanos
                    && Arrays.equals(counts, snapshot.counts);
        }

        @Override
        public int hashCode() {
            return 31 * Arrays.hashCode(counts) + Long.hashCode(sumNanos);
        }

        @Override
        public String toString() {
            return Arrays.toString(counts) + ", " + sumNanos + " ns in all";
        }
    }

    /** The upper bounds of the buckets in nanoseconds, ascending; the last bucket has none. */
    public static long[] bounds() {
        return BOUNDS.clone();
    }

    /** The bucket that a time falls into, 0 to the number of bounds. */
    public static int bucket(long nanos) {
        // Most answers are quick, so the first few comparisons find it: faster than a binary search.
        int i = 0;
        while (i < BOUNDS.length && nanos > BOUNDS[i]) {
            i++;
        }
        return i;
    }

    public void record(long nanos) {
        counts[bucket(nanos)].increment();
        sum.add(nanos);
    }

    public Snapshot snapshot() {
        return new Snapshot(Arrays.stream(counts).mapToLong(LongAdder::sum).toArray(), sum.sum());
    }
}
