package io.tickstorm.proxy.balance;

import io.tickstorm.proxy.endpoint.Upstream;
import java.util.List;
import java.util.random.RandomGenerator;

/** Any upstream, as often as its weight says; it remembers nothing and counts nothing. */
final class WeightedRandom implements Policy {
    // A draw is in vain if it hits one that is excluded, or one that is not warm yet. With half of the weight to miss,
    // this
    // many misses come once in 256 picks; then a look at all settles it, exactly.
    private static final int DRAWS = 8;

    private final RandomGenerator random;

    WeightedRandom(RandomGenerator random) {
        this.random = random;
    }

    @Override
    public Chooser over(List<Upstream> upstreams) {
        if (upstreams.isEmpty()) {
            return (key, exclusion) -> Chooser.NONE;
        }
        var all = upstreams.toArray(Upstream[]::new);
        var table = new AliasTable(all);
        return (key, exclusion) -> draw(all, table, exclusion);
    }

    private int draw(Upstream[] all, AliasTable table, Exclusion exclusion) {
        for (int i = 0; i < DRAWS; i++) {
            int drawn = table.next(random);
            double warmth = all[drawn].warmth();
            // The table knows the weights; what keeps one below its weight for a while is left to chance.
            if (!exclusion.excludes(all[drawn]) && (warmth >= 1 || random.nextDouble() < warmth)) {
                return drawn;
            }
        }
        return look(all, exclusion);
    }

    /** Each takes the place of those before with a chance of its share in the sum so far: so each ends up with its share. */
    private int look(Upstream[] all, Exclusion exclusion) {
        int chosen = Chooser.NONE;
        double sum = 0;
        for (int i = 0; i < all.length; i++) {
            if (!exclusion.excludes(all[i])) {
                double share = all[i].share();
                sum += share;
                if (random.nextDouble() * sum < share) {
                    chosen = i;
                }
            }
        }
        return chosen;
    }
}
