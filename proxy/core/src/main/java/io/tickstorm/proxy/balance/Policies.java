package io.tickstorm.proxy.balance;

import io.tickstorm.proxy.time.Ticker;
import java.util.random.RandomGenerator;

/** The table of policies. */
public final class Policies {
    private Policies() {}

    /** @param random must be safe for use by any thread */
    public static Policy of(BalancingSettings settings, Ticker ticker, RandomGenerator random) {
        return switch (settings.policy()) {
            case LEAST_CONNECTIONS, POWER_OF_TWO_CHOICES, PEAK_EWMA, RANDOM, CONSISTENT_HASH, SOURCE_IP_HASH ->
                new LeastLoaded(Load::connections, random);
            case ROUND_ROBIN -> new RoundRobin(random);
        };
    }
}
