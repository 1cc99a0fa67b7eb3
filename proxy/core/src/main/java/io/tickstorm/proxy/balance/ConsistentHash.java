package io.tickstorm.proxy.balance;

import io.tickstorm.proxy.endpoint.Upstream;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Equal keys go to the same upstream, whichever proxy sends them, until that one is at its bound: a multiple of its fair share
 * of all that is in flight (Mirrokni, Thorup, Zadimoghaddam, "Consistent Hashing with Bounded Loads", 2018). Then, and when
 * it is excluded, a key goes to its next choice, which is as fixed as the first.
 *
 * <p>The next choice is where the ring puts another hash of the key, not the neighbour on the ring: an upstream at its bound
 * would send all that it cannot take to that one (Chen, Coleman, Shrivastava, "Revisiting Consistent Hashing with Bounded Loads",
 * 2021).
 *
 * <p>One that warms up takes over its keys one after the other: each key has a warmth from which on it is served there, and does
 * not come back before.
 */
final class ConsistentHash implements Policy {
    private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;
    // The choices of a key before the least loaded one takes it: should half of all be at their bounds, that happens to
    // one
    // key in 65,536.
    private static final int CHOICES = 16;
    // The mean load is worked out anew in so many of n picks: it costs this many readings for each then, however many
    // upstreams there are, and in between the mean moves by less than one eighth.
    private static final int READINGS = 8;

    private final double factor;
    private final Policy leastLoaded;
    private final RandomGenerator random;

    /** @param balanceFactor the bound in percent of the fair share, 100 or more */
    ConsistentHash(int balanceFactor, RandomGenerator random) {
        this.factor = balanceFactor / 100.0;
        this.leastLoaded = new LeastLoaded(Load::connections, LeastLoaded.SCAN_LIMIT, () -> 0, random);
        this.random = random;
    }

    @Override
    public Chooser over(List<Upstream> upstreams) {
        return upstreams.isEmpty() ? (key, exclusion) -> Chooser.NONE : new ByKey(upstreams);
    }

    private final class ByKey implements Chooser {
        private final Upstream[] all;
        private final Ring ring;
        private final Chooser otherwise;
        /** What runs for each unit of share, as it was lately; a reading that is a little old does no harm. */
        private volatile double mean;

        ByKey(List<Upstream> upstreams) {
            all = upstreams.toArray(Upstream[]::new);
            ring = new Ring(all);
            otherwise = leastLoaded.over(upstreams);
            mean = mean();
        }

        @Override
        public int pick(long key, Exclusion exclusion) {
            if (key == NO_KEY) {
                return otherwise.pick(key, exclusion);
            }
            if (all.length <= READINGS || random.nextInt(all.length) < READINGS) {
                mean = mean();
            }
            long choice = key;
            for (int i = 0; i < CHOICES; i++) {
                int position = ring.owner(choice);
                var upstream = all[position];
                if (takes(upstream, choice) && !exclusion.excludes(upstream)) {
                    return position;
                }
                choice = HashKey.mix(choice + GOLDEN);
            }
            return otherwise.pick(key, exclusion);
        }

        private boolean takes(Upstream upstream, long choice) {
            double warmth = upstream.warmth();
            if (warmth < 1 && (HashKey.mix(choice) >>> 1) >= warmth * Long.MAX_VALUE) {
                return false;
            }
            return upstream.inFlight() < Math.ceil(factor * mean * upstream.share());
        }

        /** With the attempt that is to come: somebody is always below a bound that is the mean or more. */
        private double mean() {
            long inFlight = 1;
            double shares = 0;
            for (var upstream : all) {
                inFlight += upstream.inFlight();
                shares += upstream.share();
            }
            return inFlight / shares;
        }
    }
}
