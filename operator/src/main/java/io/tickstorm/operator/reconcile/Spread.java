package io.tickstorm.operator.reconcile;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a configuration has spread among the proxies of a cluster.
 *
 * @param proxies that serve
 * @param having those of them that run by it
 * @param troubles what keeps it from the others, and what is wrong with it where it has come
 * @param lookAgain after this long; null = nothing is awaited
 */
record Spread(
        int proxies,
        int having,
        List<Trouble> troubles,
        @Nullable Duration lookAgain) {
    static final Spread NOBODY = new Spread(0, 0, List.of(), null);

    Spread {
        troubles = List.copyOf(troubles);
    }

    boolean complete() {
        return having == proxies;
    }
}
