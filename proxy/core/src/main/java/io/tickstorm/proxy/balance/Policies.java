package io.tickstorm.proxy.balance;

import io.tickstorm.proxy.time.Ticker;
import java.util.Objects;
import java.util.random.RandomGenerator;

/** The table of policies. */
public final class Policies {
    // What counts alone does not ask the time.
    private static final Ticker TIMELESS = () -> 0;

    private Policies() {}

    /** @param random must be safe for use by any thread */
    public static Policy of(BalancingSettings settings, Ticker ticker, RandomGenerator random) {
        return switch (settings.policy()) {
            case LEAST_CONNECTIONS -> new LeastLoaded(Load::connections, LeastLoaded.SCAN_LIMIT, TIMELESS, random);
            case ROUND_ROBIN -> new RoundRobin(random);
            case POWER_OF_TWO_CHOICES -> new LeastLoaded(Load::connections, 1, TIMELESS, random);
            case PEAK_EWMA -> new LeastLoaded(Load::latency, LeastLoaded.LATENCY_SCAN_LIMIT, ticker, random);
            case RANDOM -> new WeightedRandom(random);
            case CONSISTENT_HASH, SOURCE_IP_HASH ->
                new ConsistentHash(
                        Objects.requireNonNull(settings.hash(), "the settings see to it")
                                .balanceFactor(),
                        random);
        };
    }
}
