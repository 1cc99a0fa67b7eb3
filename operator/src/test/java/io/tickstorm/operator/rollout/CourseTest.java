package io.tickstorm.operator.rollout;

import static io.tickstorm.operator.rollout.Wishes.CANARY;
import static io.tickstorm.operator.rollout.Wishes.GATED;
import static io.tickstorm.operator.rollout.Wishes.ROLLING;
import static io.tickstorm.operator.rollout.World.measured;
import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.operator.desired.Slot;
import io.tickstorm.operator.rollout.Decision.Happening;
import io.tickstorm.operator.rollout.Decision.Phase;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of versions, strategy by strategy and trouble by trouble. */
class CourseTest {
    @Test
    void nothingHappensWhileNothingIsWanted() {
        var world = new World(CANARY.formatted("1", 4));

        assertThat(world.rest().phase()).isEqualTo(Phase.STABLE);
        assertThat(world.tracks()).hasSize(1);
        assertThat(world.weight(Slot.BLUE)).isEqualTo(100);
    }

    @Test
    void aRollingUpdateStaysInItsSlot() {
        var world = new World(ROLLING.formatted("1"));

        world.spec(ROLLING.formatted("2"));
        world.rest();

        assertThat(world.memory.active()).isEqualTo(Slot.BLUE);
        assertThat(world.memory.stable().image()).isEqualTo("shop:2");
        assertThat(world.tracks()).hasSize(1);
    }

    @Test
    void aCanaryGetsItsSharesOneAfterTheOtherAndThenAll() {
        var world = new World(CANARY.formatted("1", 10));
        world.spec(CANARY.formatted("2", 10));

        world.rest();
        assertThat(world.weight(Slot.GREEN)).isEqualTo(10);
        assertThat(world.running(Slot.GREEN)).isEqualTo(1);
        assertThat(world.running(Slot.BLUE)).isEqualTo(10);

        world.after(Duration.ofSeconds(59));
        assertThat(world.weight(Slot.GREEN)).isEqualTo(10);

        world.after(Duration.ofSeconds(1));
        assertThat(world.weight(Slot.GREEN)).isEqualTo(50);
        assertThat(world.running(Slot.GREEN)).isEqualTo(5);

        world.after(Duration.ofSeconds(30));
        assertThat(world.after(Duration.ofSeconds(30)).phase()).isEqualTo(Phase.KEPT);
        assertThat(world.memory.active()).isEqualTo(Slot.GREEN);
        assertThat(world.weight(Slot.GREEN)).isEqualTo(100);
        assertThat(world.running(Slot.GREEN)).isEqualTo(10);
        assertThat(world.running(Slot.BLUE)).as("kept for the way back").isEqualTo(10);

        world.after(Duration.ofMinutes(5));
        assertThat(world.last.phase()).isEqualTo(Phase.STABLE);
        assertThat(world.running(Slot.BLUE)).isZero();
    }

    @Test
    void theNextVersionTakesTheOtherSlot() {
        var world = new World(CANARY.formatted("1", 3));
        world.spec(CANARY.formatted("2", 3));
        world.untilStable(Duration.ofMinutes(5));

        world.spec(CANARY.formatted("3", 3));
        world.untilStable(Duration.ofMinutes(5));

        assertThat(world.memory.active()).isEqualTo(Slot.BLUE);
        assertThat(world.memory.stable().image()).isEqualTo("shop:3");
    }

    @Test
    void aVersionGetsNothingBeforeItsPodsAreReady() {
        var world = new World(CANARY.formatted("1", 4));
        world.podsStart = false;
        world.spec(CANARY.formatted("2", 4));

        var decision = world.after(Duration.ofMinutes(9));

        assertThat(decision.phase()).isEqualTo(Phase.STARTING);
        assertThat(decision.message()).contains("0 of 1 pods");
        assertThat(world.weight(Slot.GREEN)).isZero();
    }

    @Test
    void podsThatNeverBecomeReadyAreGivenUpAtTheDeadline() {
        var world = new World(CANARY.formatted("1", 4));
        world.podsStart = false;
        world.spec(CANARY.formatted("2", 4));
        world.rest();

        var decision = world.after(Duration.ofMinutes(10));

        assertThat(decision.phase()).isEqualTo(Phase.ABORTED);
        assertThat(decision.message()).contains("0 of 1 pods", "after 10m");
        assertThat(world.tracks()).hasSize(1);
        assertThat(world.memory.stable().image()).isEqualTo("shop:1");
        assertThat(world.happenings)
                .filteredOn(Happening::warning)
                .singleElement()
                .satisfies(happening -> assertThat(happening.reason()).isEqualTo("RolloutAborted"));
    }

    @Test
    void aStepBeginsOnceEveryProxyHasIt() {
        var world = new World(CANARY.formatted("1", 4));
        world.spec(CANARY.formatted("2", 4));
        world.look();
        world.proxiesFollow = false;

        var decision = world.after(Duration.ofHours(1));

        assertThat(decision.message()).contains("1/2 proxies", "proxy-1");
        assertThat(decision.again()).isEqualTo(Duration.ofSeconds(1));
        assertThat(world.memory.trial().settled()).isNull();

        world.proxiesFollow = true;
        world.look();
        world.rest();
        assertThat(world.memory.trial().settled()).isEqualTo(world.now);
        assertThat(world.weight(Slot.GREEN)).isEqualTo(10);
    }

    @Test
    void withoutAnyProxyNothingCounts() {
        var world = new World(CANARY.formatted("1", 4));
        world.proxies = 0;
        world.spec(CANARY.formatted("2", 4));

        assertThat(world.after(Duration.ofHours(1)).message()).contains("no proxy is ready");
        assertThat(world.memory.trial()).isNull();
    }

    @Test
    void aVersionThatFailsIsTakenOutByItself() {
        var world = new World(CANARY.formatted("1", 4));
        world.spec(CANARY.formatted("2", 4));
        world.rest();
        world.trialDoes = measured(90, 10, 20);

        world.after(Duration.ofSeconds(30));
        assertThat(world.memory.trial().bad()).isEqualTo(1);
        world.after(Duration.ofSeconds(30));

        assertThat(world.last.phase()).isEqualTo(Phase.ABORTED);
        assertThat(world.last.message()).contains("10.00 percent failed", "100 requests");
        assertThat(world.weight(Slot.BLUE)).isEqualTo(100);
        assertThat(world.tracks()).hasSize(1);
        // and it is not tried again
        world.trialDoes = measured(1000, 0, 20);
        assertThat(world.after(Duration.ofHours(1)).phase()).isEqualTo(Phase.ABORTED);
        // until another one is wanted
        world.spec(CANARY.formatted("3", 4));
        world.untilStable(Duration.ofMinutes(5));
        assertThat(world.memory.stable().image()).isEqualTo("shop:3");
    }

    @Test
    void aVersionThatIsSlowIsTakenOut() {
        var world = new World(CANARY.formatted("1", 4));
        world.spec(CANARY.formatted("2", 4));
        world.rest();
        world.trialDoes = measured(1000, 0, 100);

        world.after(Duration.ofSeconds(30));
        world.after(Duration.ofSeconds(30));

        assertThat(world.last.phase()).isEqualTo(Phase.ABORTED);
        assertThat(world.last.message()).contains("too slow", "200 percent");
    }

    @Test
    void aGoodVerdictForgetsABadOne() {
        var world = new World(CANARY.formatted("1", 4));
        world.spec(CANARY.formatted("2", 4));
        world.rest();
        world.trialDoes = measured(90, 10, 20);
        world.after(Duration.ofSeconds(30));
        world.trialDoes = measured(1000, 0, 20);

        world.after(Duration.ofSeconds(30));

        assertThat(world.weight(Slot.GREEN)).isEqualTo(50);
    }

    @Test
    void tooFewRequestsHoldAndSaySoUntilAPersonPromotes() {
        var world = new World(CANARY.formatted("1", 4));
        world.spec(CANARY.formatted("2", 4));
        world.rest();
        world.trialDoes = measured(3, 0, 20);

        var decision = world.after(Duration.ofHours(1));
        assertThat(decision.message()).contains("too few requests", "3 requests");
        assertThat(world.weight(Slot.GREEN)).isEqualTo(10);

        world.spec(CANARY.formatted("2", 4)
                .replace("strategy: Canary", "promote: " + world.wanted() + ", strategy: Canary"));
        world.after(Duration.ofMinutes(2));
        world.after(Duration.ofMinutes(2));
        assertThat(world.memory.active()).isEqualTo(Slot.GREEN);
    }

    @Test
    void aPauseWithoutAnEndWaitsForAPerson() {
        var world = new World(GATED.formatted("1", ""));
        world.spec(GATED.formatted("2", ""));

        assertThat(world.after(Duration.ofDays(3)).message()).contains("until spec.backend.rollout.promote is");
        assertThat(world.weight(Slot.GREEN)).isEqualTo(25);

        world.spec(GATED.formatted("2", ", promote: " + world.wanted()));
        assertThat(world.rest().phase()).isEqualTo(Phase.KEPT);
        assertThat(world.weight(Slot.GREEN)).isEqualTo(100);
    }

    @Test
    void thePromotionOfAnotherRevisionPromotesNothing() {
        var world = new World(GATED.formatted("1", ""));
        world.spec(GATED.formatted("2", ", promote: r00000000"));

        world.after(Duration.ofDays(3));

        assertThat(world.weight(Slot.GREEN)).isEqualTo(25);
    }

    @Test
    void onePodIsEnoughForACanary() {
        var world = new World(CANARY.formatted("1", 1));
        world.spec(CANARY.formatted("2", 1));
        world.rest();
        assertThat(world.running(Slot.GREEN)).isEqualTo(1);

        world.untilStable(Duration.ofMinutes(5));

        assertThat(world.running(Slot.GREEN)).isEqualTo(1);
    }

    @Test
    void whereNothingRunsANewVersionIsTakenAsItIs() {
        var world = new World(CANARY.formatted("1", 0));
        world.spec(CANARY.formatted("2", 0));
        world.rest();

        assertThat(world.memory.stable().image()).isEqualTo("shop:2");
        assertThat(world.memory.trial()).isNull();
    }

    @Test
    void aTrialRestsWhileThereAreToBeNoPods() {
        var world = new World(CANARY.formatted("1", 4));
        world.spec(CANARY.formatted("2", 4));
        world.rest();

        world.spec(CANARY.formatted("2", 0));
        world.after(Duration.ofHours(9));
        assertThat(world.memory.trial().step()).isZero();
        assertThat(world.running(Slot.BLUE) + world.running(Slot.GREEN)).isZero();

        world.spec(CANARY.formatted("2", 4));
        world.rest();
        assertThat(world.memory.trial()).isNotNull();
        assertThat(world.untilStable(Duration.ofMinutes(5))).isLessThan(Duration.ofMinutes(5));
    }

    @Test
    void aDeafProxyDoesNotKeepABadVersionForEver() {
        var world = new World(CANARY.formatted("1", 4));
        world.spec(CANARY.formatted("2", 4));
        world.rest();
        world.trialDoes = measured(0, 100, 20);
        world.proxiesFollow = false;
        world.after(Duration.ofSeconds(30));
        world.after(Duration.ofSeconds(30));
        assertThat(world.last.phase()).isEqualTo(Phase.WITHDRAWING);
        assertThat(world.tracks()).hasSize(2);

        world.after(Course.PATIENCE);

        assertThat(world.last.phase()).isEqualTo(Phase.ABORTED);
        assertThat(world.tracks()).hasSize(1);
    }

    @Test
    void aDeafProxyThatKnowsNoOtherVersionKeepsIt() {
        var world = new World(GATED.formatted("1", ""));
        world.spec(GATED.formatted("2", ""));
        world.rest();
        world.spec(GATED.formatted("2", ", promote: " + world.wanted()));
        world.proxiesFollow = false;
        world.rest();
        world.spec(GATED.formatted("1", ""));

        world.after(Duration.ofHours(1));

        assertThat(world.last.phase()).isEqualTo(Phase.WITHDRAWING);
        assertThat(world.tracks()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"args: [x]", "env: [{name: A, value: b}]", "drain: {delay: 9s}", "podSecurity: Restricted"})
    void whateverMakesOtherPodsIsAnotherVersion(String more) {
        var world = new World(GATED.formatted("1", ""));
        world.spec(GATED.formatted("1", "").replace("replicas: 4", "replicas: 4, " + more));

        world.rest();

        assertThat(world.memory.trial()).isNotNull();
    }

    @Test
    void anotherNumberOfPodsIsNoOtherVersion() {
        var world = new World(GATED.formatted("1", ""));
        world.spec(GATED.formatted("1", "").replace("replicas: 4", "replicas: 7, drain: {delay: 5s}"));

        world.rest();

        assertThat(world.memory.trial()).isNull();
        assertThat(world.running(Slot.BLUE)).isEqualTo(7);
    }
}
