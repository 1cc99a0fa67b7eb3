package io.tickstorm.proxy.balance;

import io.tickstorm.proxy.endpoint.Upstream;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The upstream that would be least loaded with one attempt more, relative to its weight; chance decides among equals, so
 * that many proxies do not all turn to the same one.
 *
 * <p>Up to {@value #SCAN_LIMIT} upstreams it looks at all of them. Above, at two <em>distinct</em> ones drawn at random,
 * which keeps the longest queue near the mean (Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing",
 * 2001) without reading every count for every request.
 */
final class LeastConnections implements Policy {
    // A scan of 16 reads one cache line each: some 100 ns. Two choices are visibly unfair among few (of 2 that may be
    // drawn twice, half of the picks compare one with itself), and no longer above.
    static final int SCAN_LIMIT = 16;
    // Two draws that both hit excluded upstreams are rare above SCAN_LIMIT; after this many, look at all.
    private static final int DRAWS = 4;
    private static final int NONE = Chooser.NONE;

    private final RandomGenerator random;

    LeastConnections(RandomGenerator random) {
        this.random = random;
    }

    @Override
    public Chooser over(List<Upstream> upstreams) {
        var all = upstreams.toArray(Upstream[]::new);
        return all.length <= SCAN_LIMIT ? exclusion -> scan(all, exclusion) : exclusion -> draw(all, exclusion);
    }

    private int scan(Upstream[] all, Exclusion exclusion) {
        int best = NONE;
        long bestLoad = 0;
        int bestWeight = 1;
        int equals = 0;
        for (int i = 0; i < all.length; i++) {
            var candidate = all[i];
            if (exclusion.excludes(candidate)) {
                continue;
            }
            // One reading for each: the count may change while we compare.
            long load = candidate.inFlight() + 1L;
            int weight = candidate.endpoint().weight();
            int order = best == NONE ? -1 : Long.compare(load * bestWeight, bestLoad * weight);
            equals = order == 0 ? equals + 1 : order < 0 ? 1 : equals;
            // The k-th of k equals replaces the one before with chance 1/k: each ends up chosen with the same chance.
            if (order < 0 || (order == 0 && random.nextInt(equals) == 0)) {
                best = i;
                bestLoad = load;
                bestWeight = weight;
            }
        }
        return best;
    }

    private int draw(Upstream[] all, Exclusion exclusion) {
        for (int i = 0; i < DRAWS; i++) {
            int first = random.nextInt(all.length);
            int second = random.nextInt(all.length - 1);
            second += second >= first ? 1 : 0;
            boolean firstOut = exclusion.excludes(all[first]);
            boolean secondOut = exclusion.excludes(all[second]);
            if (!firstOut || !secondOut) {
                return firstOut || (!secondOut && lighter(all[second], all[first])) ? second : first;
            }
        }
        return scan(all, exclusion);
    }

    private static boolean lighter(Upstream one, Upstream other) {
        return (one.inFlight() + 1L) * other.endpoint().weight()
                < (other.inFlight() + 1L) * one.endpoint().weight();
    }
}
