package io.tickstorm.proxy.balance;

import io.tickstorm.proxy.endpoint.Upstream;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * One after the other, as often as its weight says. The first pick is random: many proxies that start together must not
 * all begin with the same upstream.
 */
final class RoundRobin implements Policy {
    // 2^64 divided by the golden ratio: the multiples of it, taken modulo 2^64, fill the range as evenly as a sequence
    // can at every length (Knuth, The Art of Computer Programming, volume 3, section 6.4, theorem S).
    private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

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
        var ends = new long[all.length];
        long sum = 0;
        boolean even = true;
        for (int i = 0; i < all.length; i++) {
            int weight = all[i].endpoint().weight();
            even &= weight == all[0].endpoint().weight();
            sum += weight;
            ends[i] = sum;
        }
        if (even) {
            return (key, exclusion) ->
                    next(all, (int) Long.remainderUnsigned(turn.getAndIncrement(), all.length), exclusion);
        }
        return (key, exclusion) -> next(all, weighted(ends), exclusion);
    }

    /** Lays the weights side by side on a line and takes the one under the next point of an evenly spread sequence. */
    private int weighted(long[] ends) {
        long total = ends[ends.length - 1];
        long point = Math.unsignedMultiplyHigh(turn.getAndIncrement() * GOLDEN, total);
        int low = 0;
        int high = ends.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (point < ends[middle]) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
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
