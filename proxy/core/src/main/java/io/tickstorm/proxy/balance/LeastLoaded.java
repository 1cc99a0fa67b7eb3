package io.tickstorm.proxy.balance;

import io.tickstorm.proxy.endpoint.Upstream;
import io.tickstorm.proxy.time.Ticker;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The upstream with the least load; chance decides among equals, so that many proxies do not all turn to the same one.
 *
 * <p>Up to a number of upstreams it looks at all of them. Above, at two <em>distinct</em> ones drawn at random, which keeps
 * the longest queue near the mean (Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", 2001) without
 * reading every count for every request. They are drawn by their weights: drawn evenly, one of a weight above all others
 * would be looked at too seldom to come to its share.
 */
final class LeastLoaded implements Policy {
    // A scan of 16 takes under 100 ns, of some 14 µs that a request costs. Two choices are visibly unfair among few (of
    // 2
    // that may be drawn twice, half of the picks compare one with itself), and no longer above.
    static final int SCAN_LIMIT = 16;
    // A latency is aged before it is compared, which takes some 13 ns: a scan of 8 costs 1.4 times as much as two
    // choices,
    // measured for whole attempts, and one of 16 costs 2.4 times as much.
    static final int LATENCY_SCAN_LIMIT = 8;
    // Two draws that both hit excluded upstreams are rare above SCAN_LIMIT; after this many, look at all.
    private static final int DRAWS = 4;

    // A multiplier of Steele and Vigna, "Computationally easy, spectrally good multipliers for congruential
    // pseudorandom
    // number generators", 2021.
    private static final long STEP = 0xD134_2543_DE82_EF95L;

    private final Load load;
    private final int scanLimit;
    private final Ticker ticker;
    private final RandomGenerator random;

    /**
     * @param scanLimit up to how many upstreams it looks at all of them
     * @param ticker for loads that change with time
     */
    LeastLoaded(Load load, int scanLimit, Ticker ticker, RandomGenerator random) {
        this.load = load;
        this.scanLimit = scanLimit;
        this.ticker = ticker;
        this.random = random;
    }

    @Override
    public Chooser over(List<Upstream> upstreams) {
        var all = upstreams.toArray(Upstream[]::new);
        if (all.length <= Math.max(1, scanLimit)) {
            return (key, exclusion) -> scan(all, exclusion);
        }
        var table = new AliasTable(all);
        return (key, exclusion) -> draw(all, table, exclusion);
    }

    private int scan(Upstream[] all, Exclusion exclusion) {
        long now = ticker.nanos();
        int best = Chooser.NONE;
        double bestLoad = Double.POSITIVE_INFINITY;
        int equals = 0;
        long chance = 0;
        for (int i = 0; i < all.length; i++) {
            if (exclusion.excludes(all[i])) {
                continue;
            }
            // One reading for each: the count may change while we compare.
            double candidate = load.of(all[i], now);
            if (candidate > bestLoad) {
                continue;
            }
            if (candidate < bestLoad) {
                best = i;
                bestLoad = candidate;
                equals = 1;
                continue;
            }
            // The k-th of k equals replaces the one before with chance 1/k: each ends up chosen with the same chance.
            // One
            // draw is enough for a whole scan: the upper half of what follows from it is chance enough.
            chance = (chance == 0 ? random.nextLong() | 1 : chance) * STEP;
            equals++;
            if ((chance >>> Integer.SIZE) * equals >>> Integer.SIZE == 0) {
                best = i;
            }
        }
        return best;
    }

    private int draw(Upstream[] all, AliasTable table, Exclusion exclusion) {
        for (int i = 0; i < DRAWS; i++) {
            int first = table.next(random);
            int second = table.next(random);
            if (second == first) {
                // Of the others: whoever stands behind the first one moves up by one.
                second = random.nextInt(all.length - 1);
                second += second >= first ? 1 : 0;
            }
            boolean firstOut = exclusion.excludes(all[first]);
            boolean secondOut = exclusion.excludes(all[second]);
            if (firstOut && secondOut) {
                continue;
            }
            if (firstOut || secondOut) {
                return firstOut ? second : first;
            }
            long now = ticker.nanos();
            return load.of(all[second], now) < load.of(all[first], now) ? second : first;
        }
        return scan(all, exclusion);
    }
}
