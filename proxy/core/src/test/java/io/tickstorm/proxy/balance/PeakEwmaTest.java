package io.tickstorm.proxy.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.time.Ticker;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class PeakEwmaTest extends PolicyContract {
    private static final long MILLISECOND = 1_000_000;

    @Override
    Policy policy(Ticker ticker, RandomGenerator generator) {
        return Policies.of(new BalancingSettings(BalancingSettings.Kind.PEAK_EWMA), ticker, generator);
    }

    @Test
    void oneThatTakesThreeTimesAsLongGetsAThirdAsMuchInFlight() {
        var upstreams = upstreams(2);
        upstreams.get(0).latency().observe(10 * MILLISECOND, time.nanos());
        upstreams.get(1).latency().observe(30 * MILLISECOND, time.nanos());

        assertThat(picks(upstreams, 400)).containsExactly(300, 100);
    }

    @Test
    void oneThatWasNeverMeasuredGetsOneAttemptAndNoSecondOneUntilThatHasEnded() {
        var upstreams = upstreams(3);
        upstreams.get(0).latency().observe(10 * MILLISECOND, time.nanos());
        upstreams.get(1).latency().observe(10 * MILLISECOND, time.nanos());

        assertThat(picks(upstreams, 1_001)).containsExactly(500, 500, 1);
    }

    @Test
    void aSlowOneIsTriedAgainSomeDay() {
        var upstreams = upstreams(2);
        var fast = upstreams.get(0);
        var slow = upstreams.get(1);
        fast.latency().observe(10 * MILLISECOND, time.nanos());
        slow.latency().observe(1_000 * MILLISECOND, time.nanos());
        var chooser = policy().over(upstreams);
        assertThat(chooser.pick(Chooser.NO_KEY, Exclusion.NONE)).isZero();

        // From 1 s to 10 ms it decays in tau times ln(100).
        time.advance(Duration.ofSeconds(47));
        fast.latency().observe(10 * MILLISECOND, time.nanos());

        assertThat(chooser.pick(Chooser.NO_KEY, Exclusion.NONE)).isOne();
    }
}
