package io.tickstorm.operator.telemetry;

import java.time.Duration;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How long things took, counted in buckets.
 *
 * @param counts from the upper bound of a bucket in seconds to what fell into it and into no bucket before; the last bound may be infinite
 */
public record Latencies(SortedMap<Double, Long> counts) {
    public static final Latencies NONE = new Latencies(Collections.emptySortedMap());

    private static final double NANOS = 1e9;

    public Latencies {
        counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
    }

    public long count() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    public Latencies plus(Latencies other) {
        var sum = new TreeMap<>(counts);
        other.counts.forEach((bound, count) -> sum.merge(bound, count, Long::sum));
        return new Latencies(sum);
    }

    /** What was counted since {@code before}; all of it, if a bucket has less than it had, for then counting began anew. */
    Latencies since(Latencies before) {
        var growth = new TreeMap<>(counts);
        before.counts.forEach((bound, count) -> growth.merge(bound, -count, Long::sum));
        return growth.values().stream().anyMatch(count -> count < 0) ? this : new Latencies(growth);
    }

    /**
     * The time that a part of them stayed within, taking each bucket for evenly filled; at least the highest finite bound, if it is beyond that; null if nothing was
     * counted.
     *
     * @param part above 0, up to 1
     */
    public @Nullable Duration quantile(double part) {
        var wanted = part * count();
        double seen = 0;
        double lower = 0;
        for (var bucket : counts.entrySet()) {
            double upper = bucket.getKey();
            long inside = bucket.getValue();
            if (inside > 0 && seen + inside >= wanted) {
                return Double.isInfinite(upper)
                        ? ofSeconds(lower)
                        : ofSeconds(lower + (upper - lower) * (wanted - seen) / inside);
            }
            seen += inside;
            lower = upper;
        }
        return null;
    }

    /** How many took longer, taking each bucket for evenly filled; none of those beyond the highest finite bound, if the limit is beyond it, too. */
    public double slowerThan(Duration limit) {
        double seconds = limit.toNanos() / NANOS;
        double slower = 0;
        double lower = 0;
        for (var bucket : counts.entrySet()) {
            double upper = bucket.getKey();
            if (seconds <= lower) {
                slower += bucket.getValue();
            } else if (seconds < upper && !Double.isInfinite(upper)) {
                slower += bucket.getValue() * (upper - seconds) / (upper - lower);
            }
            lower = upper;
        }
        return slower;
    }

    private static Duration ofSeconds(double seconds) {
        return Duration.ofNanos(Math.round(seconds * NANOS));
    }
}
