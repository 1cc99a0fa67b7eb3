package io.tickstorm.proxy.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tickstorm.proxy.backend.BackendSettings;
import io.tickstorm.proxy.balance.BalancingSettings;
import io.tickstorm.proxy.balance.BalancingSettings.Kind;
import io.tickstorm.proxy.balance.SlowStartSettings;
import io.tickstorm.proxy.breaker.CircuitBreakerSettings;
import io.tickstorm.proxy.breaker.OutlierEjectionSettings;
import io.tickstorm.proxy.retry.RetrySettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScenarioTest {
    private static final long SEED = Comparison.SEED;

    @ParameterizedTest
    @EnumSource(Kind.class)
    void nothingFailsAndNothingIsSentTwiceWhenNothingHappens(Kind policy) {
        var result = Scenario.STEADY.play(policy, SEED);

        assertThat(result.errors()).isZero();
        assertThat(result.amplification()).isOne();
        assertThat(result.leastShare()).isGreaterThan(policy.hashes() || policy == Kind.PEAK_EWMA ? 0.85 : 0.98);
    }

    @Test
    void leastConnectionsGivesASlowServerLessInProportion() {
        var result = Scenario.SLOW_ENDPOINT.play(Kind.LEAST_CONNECTIONS, SEED);

        // With as much in flight everywhere, what takes four times as long ends a quarter as often: of 4 + 1/4 parts it
        // has
        // 1/4, which is 0.29 of a fifth, and the others 1.18. They all have one in flight at least, so a little more.
        assertThat(result.leastShare()).isBetween(0.29, 0.40);
        assertThat(result.mostShare()).isCloseTo(1.18, within(0.03));
        assertThat(result.errors()).isZero();
    }

    @Test
    void peakEwmaGivesASlowServerLessThanThat() {
        var byLatency = Scenario.SLOW_ENDPOINT.play(Kind.PEAK_EWMA, SEED);
        var byCount = Scenario.SLOW_ENDPOINT.play(Kind.LEAST_CONNECTIONS, SEED);

        assertThat(byLatency.leastShare()).isLessThan(byCount.leastShare() / 2);
        assertThat(byLatency.p99()).isLessThan(byCount.p99());
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aServerThatFailsQuicklyGetsNoExtraTraffic(Kind policy) {
        var result = Scenario.FAST_FAILING.play(policy, SEED);

        // It serves for 5 of 30 seconds; after that a few attempts find out that it does not any more.
        assertThat(result.leastShare()).isLessThan(5.0 / 30 + 0.02);
        assertThat(result.errors()).isLessThan(0.000_5);
        assertThat(result.amplification()).isLessThan(1.002);
    }

    @Test
    void withoutAnyJudgePeakEwmaAloneIsNotTakenInByQuickFailures() {
        var byCount = Scenario.FAST_FAILING.play(unjudged(Kind.LEAST_CONNECTIONS), SEED);
        var byLatency = Scenario.FAST_FAILING.play(unjudged(Kind.PEAK_EWMA), SEED);

        // What ends within a millisecond never has much in flight: it gets far more than a fair share.
        assertThat(byCount.mostShare()).isGreaterThan(2);
        assertThat(byCount.errors()).isGreaterThan(0.05);
        assertThat(byLatency.leastShare()).isLessThan(5.0 / 30 + 0.02);
        assertThat(byLatency.errors()).isLessThan(0.001);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void slowStartShortensTheLongestAnswersOfAColdStart(Kind policy) {
        var usual = new BalancingSettings(policy);
        var atOnce = new BalancingSettings(
                policy,
                usual.hash(),
                new SlowStartSettings(Duration.ZERO, 10),
                usual.panicThreshold(),
                usual.zoneHints());

        var cold = Scenario.COLD_START.play(Scenario.with(atOnce), SEED);
        var slow = Scenario.COLD_START.play(Scenario.with(usual), SEED);

        assertThat(slow.p99()).isLessThan(cold.p99());
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void hardlyARequestFailsWhileServersJoinAndLeave(Kind policy) {
        // Chance alone may overload a server that has just begun, three times for one and the same request.
        assertThat(Scenario.COLD_START.play(policy, SEED).errors()).isLessThan(0.000_1);
        assertThat(Scenario.ROLLING_DEPLOY.play(policy, SEED).errors()).isLessThan(0.000_1);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void whenAllAreBackAllAreServed(Kind policy) {
        var result = Scenario.ALL_DOWN.play(policy, SEED);

        // 3 of 20 seconds nobody is there.
        assertThat(result.errors()).isCloseTo(3.0 / 20, within(0.02));
        assertThat(result.leastShare()).isGreaterThan(0.85);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void retriesAddAFifthToAStormAtMost(Kind policy) {
        var result = Scenario.RETRY_STORM.play(policy, SEED);

        assertThat(result.amplification()).isLessThanOrEqualTo(1.2);
        // Three of thirteen requests are too many, whoever gets them.
        assertThat(result.errors()).isCloseTo(3.0 / 13, within(0.03));
    }

    @ParameterizedTest
    @EnumSource(
            value = Scenario.class,
            names = {"THREE_REPLICAS", "TEN_REPLICAS"})
    void balancersThatKnowNothingOfEachOtherBalanceAsOneDoes(Scenario scenario) {
        var one = Scenario.STEADY.play(Kind.LEAST_CONNECTIONS, SEED);

        var many = scenario.play(Kind.LEAST_CONNECTIONS, SEED);

        assertThat(many.leastShare()).isGreaterThan(0.98);
        assertThat(many.mostShare()).isLessThan(1.02);
        assertThat(many.p99()).isLessThan(1.1 * one.p99());
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"CONSISTENT_HASH", "SOURCE_IP_HASH"},
            mode = EnumSource.Mode.EXCLUDE)
    void aHundredThousandConnectionsAreDividedEvenly(Kind policy) {
        assertThat(Scenario.CONNECTIONS.play(policy, SEED).attempts())
                .hasSize(4)
                .allSatisfy(count -> assertThat(count).isCloseTo(25_000L, within(500L)));
    }

    @Test
    void aHashDividesThemAsItsPointsLieAndWithinItsBound() {
        assertThat(Scenario.CONNECTIONS.play(Kind.SOURCE_IP_HASH, SEED).attempts())
                .hasSize(4)
                .allSatisfy(count -> assertThat(count).isBetween(20_000L, 30_000L));
    }

    @Test
    void theSameSeedGivesTheSameNumbersAndAnotherOneOthers() {
        for (var scenario : new Scenario[] {Scenario.ROLLING_DEPLOY, Scenario.TEN_REPLICAS}) {
            var first = scenario.play(Kind.POWER_OF_TWO_CHOICES, SEED);

            assertThat(scenario.play(Kind.POWER_OF_TWO_CHOICES, SEED)).isEqualTo(first);
            assertThat(scenario.play(Kind.POWER_OF_TWO_CHOICES, SEED + 1)).isNotEqualTo(first);
        }
    }

    private static BackendSettings unjudged(Kind policy) {
        return new BackendSettings(
                new BalancingSettings(policy),
                null,
                RetrySettings.DEFAULT,
                new CircuitBreakerSettings(0, Duration.ofSeconds(10), Duration.ofSeconds(10)),
                OutlierEjectionSettings.OFF);
    }
}
