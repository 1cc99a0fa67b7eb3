package io.tickstorm.proxy.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.tickstorm.proxy.time.Ticker;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class LeastConnectionsTest extends PolicyContract {
    @Override
    Policy policy(Ticker ticker, RandomGenerator generator) {
        return Policies.of(new BalancingSettings(BalancingSettings.Kind.LEAST_CONNECTIONS), ticker, generator);
    }

    @Test
    void upToSixteenTheLeastLoadedOneIsAlwaysFound() {
        var upstreams = upstreams(LeastLoaded.SCAN_LIMIT);
        upstreams.forEach(upstream -> load(upstream, 2));
        var idle = upstreams.get(11);
        idle.end();
        var chooser = policy().over(upstreams);

        for (int i = 0; i < 1_000; i++) {
            assertThat(chooser.pick(Chooser.NO_KEY, Exclusion.NONE)).isEqualTo(11);
        }
    }

    @Test
    void chanceDecidesFairlyAmongTies() {
        var upstreams = upstreams(4);
        load(upstreams.get(2), 1);
        var chooser = policy().over(upstreams);
        var picks = new int[4];

        for (int i = 0; i < 30_000; i++) {
            picks[chooser.pick(Chooser.NO_KEY, Exclusion.NONE)]++;
        }

        assertThat(picks[2]).isZero();
        assertThat(picks[0]).isCloseTo(10_000, withinPercentage(4));
        assertThat(picks[1]).isCloseTo(10_000, withinPercentage(4));
        assertThat(picks[3]).isCloseTo(10_000, withinPercentage(4));
    }

    @Test
    void aboveSixteenTwoDistinctOnesAreCompared() {
        // One alone is idle. Of two distinct draws among 20, one hits it with 2/20; were they drawn with replacement,
        // the
        // rate would be 1 - (19/20)^2 = 9.75 %, and the busiest would win against itself now and then.
        var upstreams = upstreams(20);
        for (int i = 0; i < 20; i++) {
            load(upstreams.get(i), i);
        }
        var chooser = policy().over(upstreams);
        var picks = new int[20];

        for (int i = 0; i < 400_000; i++) {
            picks[chooser.pick(Chooser.NO_KEY, Exclusion.NONE)]++;
        }

        assertThat(picks[19]).isZero();
        assertThat(picks[0]).isCloseTo(40_000, withinPercentage(2));
        // The k-th least loaded is picked if the other draw is one of the 19-k busier ones: 2/20 * (19-k)/19.
        assertThat(picks[10]).isCloseTo(18_947, withinPercentage(5));
    }

    @Test
    void aNewUpstreamIsFilledFirst() {
        var upstreams = upstreams(3);
        load(upstreams.get(0), 10);
        load(upstreams.get(1), 10);

        assertThat(picks(upstreams, 10)).containsExactly(0, 0, 10);
    }
}
