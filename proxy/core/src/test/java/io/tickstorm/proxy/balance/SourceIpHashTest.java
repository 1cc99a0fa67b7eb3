package io.tickstorm.proxy.balance;

import io.tickstorm.proxy.time.Ticker;
import java.util.random.RandomGenerator;

class SourceIpHashTest extends PolicyContract {
    @Override
    Policy policy(Ticker ticker, RandomGenerator generator) {
        return Policies.of(new BalancingSettings(BalancingSettings.Kind.SOURCE_IP_HASH), ticker, generator);
    }
}
