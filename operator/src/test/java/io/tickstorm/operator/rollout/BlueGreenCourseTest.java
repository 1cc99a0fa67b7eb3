package io.tickstorm.operator.rollout;

import static io.tickstorm.operator.rollout.Wishes.BLUE_GREEN;
import static io.tickstorm.operator.rollout.Wishes.promoted;
import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.operator.desired.Slot;
import io.tickstorm.operator.rollout.Decision.Phase;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Two versions side by side of which one has all traffic, the way there and the way back. */
class BlueGreenCourseTest {
    @Test
    void blueGreenMovesAllTrafficAtOnceWhenAPersonSaysSo() {
        var world = new World(BLUE_GREEN.formatted("1", ""));
        world.spec(BLUE_GREEN.formatted("2", ""));

        assertThat(world.after(Duration.ofHours(1)).phase()).isEqualTo(Phase.WAITING);
        assertThat(world.weight(Slot.GREEN)).isZero();
        assertThat(world.running(Slot.GREEN)).isEqualTo(4);

        world.spec(BLUE_GREEN.formatted("2", ", promote: " + world.wanted()));
        world.rest();
        assertThat(world.weight(Slot.GREEN)).isEqualTo(100);
        assertThat(world.running(Slot.BLUE)).isEqualTo(4);
    }

    @Test
    void blueGreenPromotesByItselfAfterTheHold() {
        var rollout = ", blueGreen: {promoteAfter: 10m}";
        var world = new World(BLUE_GREEN.formatted("1", rollout));
        world.spec(BLUE_GREEN.formatted("2", rollout));
        world.rest();

        world.after(Duration.ofMinutes(10).minusSeconds(1));
        assertThat(world.weight(Slot.GREEN)).isZero();
        world.after(Duration.ofSeconds(1));
        assertThat(world.weight(Slot.GREEN)).isEqualTo(100);
    }

    @Test
    void thePreviewShowsTheNewestVersion() {
        var world = new World(BLUE_GREEN.formatted("1", ""));
        assertThat(preview(world)).isEqualTo(Slot.BLUE);

        world.spec(BLUE_GREEN.formatted("2", ""));
        world.rest();
        assertThat(preview(world)).isEqualTo(Slot.GREEN);

        world.spec(BLUE_GREEN.formatted("2", ", promote: " + world.wanted()));
        world.rest();
        assertThat(preview(world)).isEqualTo(Slot.GREEN);
    }

    @Test
    void theWayBackIsInstantWhileTheFormerVersionRuns() {
        var world = promoted();

        world.spec(BLUE_GREEN.formatted("2", ", abort: " + world.wanted()));
        world.rest();

        assertThat(world.weight(Slot.BLUE)).isEqualTo(100);
        assertThat(world.memory.stable().image()).isEqualTo("shop:1");
        assertThat(world.last.phase()).isEqualTo(Phase.ABORTED);
        // it stays so when the word is taken back, until another version is wanted
        world.spec(BLUE_GREEN.formatted("2", ""));
        assertThat(world.after(Duration.ofHours(1)).phase()).isEqualTo(Phase.ABORTED);
        assertThat(world.tracks()).hasSize(1);
    }

    @Test
    void theWayBackByTheSpecificationIsInstantToo() {
        var world = promoted();

        world.spec(BLUE_GREEN.formatted("1", ""));
        world.rest();

        assertThat(world.weight(Slot.BLUE)).isEqualTo(100);
        assertThat(world.memory.active()).isEqualTo(Slot.BLUE);
        assertThat(world.last.phase()).isEqualTo(Phase.KEPT);
    }

    @Test
    void theWayBackDoesNotWaitForMorePodsThanThereWere() {
        var world = promoted();
        world.podsStart = false;

        world.spec(BLUE_GREEN.formatted("1", "").replace("replicas: 4", "replicas: 9"));
        world.rest();

        assertThat(world.weight(Slot.BLUE)).isEqualTo(100);
        assertThat(world.running(Slot.BLUE)).isEqualTo(9);
    }

    @Test
    void whenNothingElseRunsAnAbortSaysThatItComesTooLate() {
        var world = promoted();
        world.after(Duration.ofMinutes(5));

        world.spec(BLUE_GREEN.formatted("2", ", abort: " + world.wanted()));

        assertThat(world.rest().message()).contains("cannot be aborted any more");
        assertThat(world.weight(Slot.GREEN)).isEqualTo(100);
    }

    private static Slot preview(World world) {
        return Plan.tracks(world.memory, world.rollout(), 4, 4).preview();
    }
}
