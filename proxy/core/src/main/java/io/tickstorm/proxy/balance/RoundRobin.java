package io.tickstorm.proxy.balance;

import io.tickstorm.proxy.endpoint.Upstream;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One after the other, as often as its weight says. The first pick is random: many proxies that start together must not
 * all begin with the same upstream.
 *
 * <p>Turns are spread, not bunched, by a sequence of points that fills a line evenly. Beside the smooth weighted round robin
 * that nginx made known, over sets of 2 to 100 weights: there an upstream is never a whole turn away from its share, here up to
 * 2.6; the turns of one come at most 1.5 times as far apart as they should there, 1.9 times here. That one has to look at all
 * upstreams for each pick and to change a number of each, all at once; this one advances one counter, and looks at a place on a {@link WeightLine}.
 */
final class RoundRobin implements Policy {
    // 2^64 divided by the golden ratio: the multiples of it, taken modulo 2^64, fill the range as evenly as a sequence
    // can at every length (Knuth, The Art of Computer Programming, volume 3, section 6.4, theorem S).
    private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;
    // 2^64 times the fraction of the square root of 2: a second sequence that has nothing to do with the first one.
    private static final long ROOT = 0x6A09_E667_F3BC_C909L;
    // Turns that may pass by upstreams that are warming up: at the lowest share that can be set, 1 percent, half of all
    // picks among such alone take fewer.
    private static final int PASSES = 69;

    private final AtomicLong turn;

    RoundRobin(RandomGenerator random) {
        turn = new AtomicLong(random.nextInt(1 << 30));
    }

    @Override
    public Chooser over(List<Upstream> upstreams) {
        var all = upstreams.toArray(Upstream[]::new);
        if (all.length == 0) {
            return (key, exclusion) -> Chooser.NONE;
        }
        var weights = upstreams.stream()
                .mapToInt(upstream -> upstream.endpoint().weight())
                .toArray();
        boolean even = Arrays.stream(weights).allMatch(weight -> weight == weights[0]);
        var line = even ? null : new WeightLine(weights);
        return (key, exclusion) -> next(all, first(all, line), exclusion);
    }

    /** Whose turn it is; of those that are warming up, as many turns pass as are missing to their share. */
    private int first(Upstream[] all, @Nullable WeightLine line) {
        int position = 0;
        for (int i = 0; i < PASSES; i++) {
            long number = turn.getAndIncrement();
            position = line == null ? (int) Long.remainderUnsigned(number, all.length) : line.under(number * GOLDEN);
            double warmth = all[position].warmth();
            if (warmth >= 1 || (number * ROOT >>> 1) < warmth * Long.MAX_VALUE) {
                break;
            }
        }
        return position;
    }

    private static int next(Upstream[] all, int first, Exclusion exclusion) {
        for (int i = 0; i < all.length; i++) {
            int position = (first + i) % all.length;
            if (!exclusion.excludes(all[position])) {
                return position;
            }
        }
        return Chooser.NONE;
    }
}
