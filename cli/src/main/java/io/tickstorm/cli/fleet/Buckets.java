package io.tickstorm.cli.fleet;

import io.vertx.core.json.JsonArray;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How long answers took, counted in buckets. Percentiles of several proxies cannot be put together, counts can: those of the sum are the
 * percentiles of all answers, as exact as the buckets are.
 *
 * @param counts by the upper bound of each bucket in milliseconds; infinite for those above all bounds
 */
public record Buckets(SortedMap<Double, Long> counts) {
    public static final Buckets NONE = new Buckets(new TreeMap<>());

    public Buckets {
        counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
    }

    /** @param counts one for each bound, and one more; of a release that does not tell them, none */
    static Buckets of(JsonArray bounds, JsonArray counts) {
        var all = new TreeMap<Double, Long>();
        for (int i = 0; i < counts.size(); i++) {
            all.put(i < bounds.size() ? bounds.getDouble(i) : Double.POSITIVE_INFINITY, counts.getLong(i));
        }
        return new Buckets(all);
    }

    /** All of them together; bounds may differ, as those of two releases might. */
    public static Buckets sum(Collection<Buckets> several) {
        var sum = new TreeMap<Double, Long>();
        several.forEach(one -> one.counts().forEach((bound, count) -> sum.merge(bound, count, Long::sum)));
        return new Buckets(sum);
    }

    /**
     * The bound that so many percent of the answers stayed within, in milliseconds: the true percentile is at most that.
     *
     * @return infinite if it is above all bounds, null if nothing was answered
     */
    public @Nullable Double within(int percent) {
        var all = counts.values().stream().mapToLong(Long::longValue).sum();
        var wanted = Math.ceilDiv(all * percent, 100L);
        long seen = 0;
        for (var bucket : counts.entrySet()) {
            seen += bucket.getValue();
            if (all > 0 && seen >= wanted) {
                return bucket.getKey();
            }
        }
        return null;
    }

    /** The last bound, in milliseconds; null if there is none. */
    public @Nullable Double last() {
        var bounded = counts.headMap(Double.POSITIVE_INFINITY);
        return bounded.isEmpty() ? null : bounded.lastKey();
    }
}
