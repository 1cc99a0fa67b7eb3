package io.tickstorm.operator.rollout;

import static io.tickstorm.operator.rollout.Wishes.BLUE_GREEN;
import static io.tickstorm.operator.rollout.Wishes.CANARY;
import static io.tickstorm.operator.rollout.Wishes.GATED;
import static io.tickstorm.operator.rollout.Wishes.ROLLING;
import static io.tickstorm.operator.rollout.Wishes.promoted;
import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.operator.desired.Slot;
import io.tickstorm.operator.rollout.Decision.Happening;
import io.tickstorm.operator.rollout.Decision.Phase;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a person wants instead while a rollout is under way. */
class ChangedMindTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    void aVersionThatIsAbortedBeforehandNeverStarts() {
        var world = new World(BLUE_GREEN.formatted("1", ""));
        world.spec(BLUE_GREEN.formatted("2", ""));
        var revision = world.wanted();
        world.spec(BLUE_GREEN.formatted("2", ", abort: " + revision));

        assertThat(world.rest().phase()).isEqualTo(Phase.ABORTED);
        assertThat(world.tracks()).hasSize(1);
    }

    @Test
    void aPersonCanAbortAStep() {
        var world = new World(GATED.formatted("1", ""));
        world.spec(GATED.formatted("2", ""));
        world.rest();

        world.spec(GATED.formatted("2", ", abort: " + world.wanted()));
        world.rest();

        assertThat(world.last.phase()).isEqualTo(Phase.ABORTED);
        assertThat(world.weight(Slot.BLUE)).isEqualTo(100);
    }

    @Test
    void aSpecificationThatIsRevertedTakesTheNewVersionOut() {
        var world = new World(GATED.formatted("1", ""));
        world.spec(GATED.formatted("2", ""));
        world.rest();

        world.spec(GATED.formatted("1", ""));
        world.look();
        assertThat(world.weight(Slot.GREEN)).isZero();
        assertThat(world.running(Slot.GREEN)).as("until the proxies have it").isEqualTo(1);
        world.rest();

        assertThat(world.last.phase()).isEqualTo(Phase.STABLE);
        assertThat(world.tracks()).hasSize(1);
        assertThat(world.happenings).noneMatch(Happening::warning);
    }

    @Test
    void aThirdVersionInTheMiddleReplacesTheSecond() {
        var world = new World(GATED.formatted("1", ""));
        world.spec(GATED.formatted("2", ""));
        world.rest();

        world.spec(GATED.formatted("3", ""));
        world.look();
        assertThat(world.weight(Slot.GREEN)).isZero();
        world.rest();

        assertThat(world.memory.trial().version().image()).isEqualTo("shop:3");
        assertThat(world.memory.stable().image()).isEqualTo("shop:1");
        assertThat(world.weight(Slot.GREEN)).isEqualTo(25);
    }

    @Test
    void aThirdVersionWhileTheFormerOneIsKeptTakesItsSlot() {
        var world = promoted();

        world.spec(BLUE_GREEN.formatted("3", ""));
        world.rest();

        assertThat(world.memory.active()).isEqualTo(Slot.GREEN);
        assertThat(world.memory.stable().image()).isEqualTo("shop:2");
        assertThat(world.memory.trial().version().image()).isEqualTo("shop:3");
        assertThat(world.weight(Slot.GREEN)).isEqualTo(100);
    }

    @Test
    void theStrategyRollingUpdateInTheMiddleEndsInPlace() {
        var world = new World(GATED.formatted("1", ""));
        world.spec(GATED.formatted("2", ""));
        world.rest();

        world.spec(ROLLING.formatted("2"));
        world.look();
        assertThat(world.weight(Slot.GREEN)).isZero();
        world.rest();

        assertThat(world.memory.active()).isEqualTo(Slot.BLUE);
        assertThat(world.memory.stable().image()).isEqualTo("shop:2");
        assertThat(world.tracks()).hasSize(1);
    }

    @Test
    void theStrategyRollingUpdateDoesNotUndoAPromotionThatIsUnderWay() {
        var world = new World(GATED.formatted("1", ""));
        world.spec(GATED.formatted("2", ""));
        world.rest();
        world.spec(GATED.formatted("2", ", promote: " + world.wanted()));
        world.proxiesFollow = false;
        world.rest();
        assertThat(world.memory.trial().weight()).isEqualTo(100);

        world.spec(ROLLING.formatted("2"));
        world.proxiesFollow = true;
        world.rest();

        assertThat(world.memory.active()).isEqualTo(Slot.GREEN);
        assertThat(world.memory.stable().image()).isEqualTo("shop:2");
    }

    @Test
    void blueGreenInTheMiddleOfACanaryTakesItsShareAwayAndWaits() {
        var world = new World(GATED.formatted("1", ""));
        world.spec(GATED.formatted("2", ""));
        world.rest();

        world.spec(BLUE_GREEN.formatted("2", ""));
        world.rest();

        assertThat(world.weight(Slot.GREEN)).isZero();
        assertThat(world.running(Slot.GREEN)).isEqualTo(4);
        assertThat(world.last.phase()).isEqualTo(Phase.WAITING);
    }

    @Test
    void aCanaryInTheMiddleOfBlueGreenBeginsWithItsFirstStep() {
        var world = new World(BLUE_GREEN.formatted("1", ""));
        world.spec(BLUE_GREEN.formatted("2", ""));
        world.rest();

        world.spec(GATED.formatted("2", ""));
        world.rest();

        assertThat(world.weight(Slot.GREEN)).isEqualTo(25);
    }

    @Test
    void otherStepsInTheMiddleGoOnWhereNoTrafficIsTakenAway() {
        var world = new World(CANARY.formatted("1", 4));
        world.spec(CANARY.formatted("2", 4));
        world.rest();
        world.after(MINUTE);
        assertThat(world.weight(Slot.GREEN)).isEqualTo(50);

        world.spec(
                CANARY.formatted("2", 4).replace("{weight: 10, pause: 1m}", "{weight: 20, pause: 1m}, {weight: 40}"));
        world.rest();

        assertThat(world.weight(Slot.GREEN)).isEqualTo(50);
        assertThat(world.memory.trial().step()).isEqualTo(2);
    }

    @Test
    void anotherLengthOfThePauseCountsFromItsBeginning() {
        var world = new World(CANARY.formatted("1", 4));
        world.spec(CANARY.formatted("2", 4));
        world.rest();
        world.after(Duration.ofSeconds(45));
        assertThat(world.weight(Slot.GREEN)).isEqualTo(10);

        world.spec(CANARY.formatted("2", 4).replace("{weight: 10, pause: 1m}", "{weight: 10, pause: 30s}"));
        world.rest();

        assertThat(world.weight(Slot.GREEN)).isEqualTo(50);
    }

    @Test
    void anAbortionIsForgottenWhenTheStrategyIsRollingUpdate() {
        var world = new World(CANARY.formatted("1", 4));
        world.podsStart = false;
        world.spec(CANARY.formatted("2", 4));
        world.rest();
        world.after(Duration.ofMinutes(10));
        assertThat(world.last.phase()).isEqualTo(Phase.ABORTED);

        world.spec(ROLLING.formatted("2"));
        world.rest();

        assertThat(world.memory.stable().image()).isEqualTo("shop:2");
    }
}
