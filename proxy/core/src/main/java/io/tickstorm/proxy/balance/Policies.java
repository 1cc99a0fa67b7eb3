package io.tickstorm.proxy.balance;

import java.util.random.RandomGenerator;

/** The table of policies. */
public final class Policies {
    private Policies() {}

    /** @param random must be safe for use by any thread */
    public static Policy of(BalancingSettings settings, RandomGenerator random) {
        return switch (settings.policy()) {
            case LEAST_CONNECTIONS -> new LeastLoaded(Load::connections, random);
            case ROUND_ROBIN -> new RoundRobin(random);
        };
    }
}
