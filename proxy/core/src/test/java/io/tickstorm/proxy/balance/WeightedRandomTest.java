package io.tickstorm.proxy.balance;

import io.tickstorm.proxy.time.Ticker;
import java.util.random.RandomGenerator;

class WeightedRandomTest extends PolicyContract {
    @Override
    Policy policy(Ticker ticker, RandomGenerator generator) {
        return Policies.of(new BalancingSettings(BalancingSettings.Kind.RANDOM), ticker, generator);
    }

    @Override
    double tolerance() {
        // Of 1,000 that chance gives, four times the standard deviation.
        return 13;
    }
}
