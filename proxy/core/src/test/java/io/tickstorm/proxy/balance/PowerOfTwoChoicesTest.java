package io.tickstorm.proxy.balance;

import io.tickstorm.proxy.time.Ticker;
import java.util.random.RandomGenerator;

class PowerOfTwoChoicesTest extends PolicyContract {
    @Override
    Policy policy(Ticker ticker, RandomGenerator generator) {
        return Policies.of(new BalancingSettings(BalancingSettings.Kind.POWER_OF_TWO_CHOICES), ticker, generator);
    }
}
