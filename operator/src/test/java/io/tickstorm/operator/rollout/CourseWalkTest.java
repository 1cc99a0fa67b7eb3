package io.tickstorm.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.operator.desired.Slot;
import io.tickstorm.operator.desired.Track;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a person wants and whatever goes wrong, in any order: traffic always has somewhere to go, and once things go well the wanted version gets it. */
class CourseWalkTest {
    private static final List<String> ROLLOUTS = List.of(
            "{strategy: RollingUpdate%s}",
            "{strategy: BlueGreen%s}",
            "{strategy: BlueGreen, blueGreen: {promoteAfter: 1m}%s}",
            "{strategy: Canary%s}",
            "{strategy: Canary, canary: {steps: [{weight: 30}, {weight: 100, pause: 10s}], analysis: {enabled: false}}%s}",
            "{strategy: Canary, canary: {steps: [{weight: 1, pause: 0s}, {weight: 60, pause: 0s}]}, keepPrevious: 0s%s}");
    private static final List<Duration> TIMES = List.of(
            Duration.ZERO,
            Duration.ofSeconds(1),
            Duration.ofSeconds(30),
            Duration.ofMinutes(2),
            Duration.ofMinutes(11));
    private static final int STEPS = 250;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void trafficAlwaysHasSomewhereToGoAndTheWantedVersionGetsItInTheEnd(long seed) {
        var random = new Random(seed);
        var world = new World(spec(1, "{strategy: Canary}", 4));
        for (int i = 0; i < STEPS; i++) {
            disturb(world, random);
            var before = weightOfTrial(world.memory);
            var facts = world.facts();
            world.now = world.now.plus(TIMES.get(random.nextInt(TIMES.size())));
            world.look();
            isSound(world, "seed " + seed + ", step " + i + ": " + world.last);
            if (weightOfTrial(world.memory) > before) {
                var trial = world.memory.trial();
                assertThat(facts.available(world.memory.idle(), trial.version()))
                        .as("pods of what got more, seed %s, step %s: %s", seed, i, world.last)
                        .isPositive();
            }
        }

        world.podsStart = true;
        world.proxiesFollow = true;
        world.proxies = 2;
        world.trialDoes = World.measured(1000, 0, 20);
        world.stableDoes = World.measured(1000, 0, 20);
        world.spec(spec(9, "{strategy: Canary}", 4));
        world.untilStable(Duration.ofHours(2));
        world.after(Duration.ofMinutes(5));

        assertThat(world.memory.stable().image()).isEqualTo("shop:9");
        assertThat(world.tracks()).hasSize(1);
        assertThat(world.weight(world.memory.active())).isEqualTo(100);
    }

    private static void disturb(World world, Random random) {
        switch (random.nextInt(10)) {
            case 0 -> world.podsStart = random.nextInt(4) > 0;
            case 1 -> world.proxiesFollow = random.nextInt(3) > 0;
            case 2 -> world.proxies = random.nextInt(4) > 0 ? 2 : 0;
            case 3 -> world.trialDoes = World.measured(random.nextInt(200), random.nextInt(3) == 0 ? 50 : 0, 20);
            case 4 -> world.stableDoes = World.measured(random.nextInt(200), random.nextInt(3) == 0 ? 50 : 0, 20);
            case 5, 6 -> respecify(world, random);
            default -> {
                // time goes by
            }
        }
    }

    private static void respecify(World world, Random random) {
        var version = 1 + random.nextInt(3);
        var replicas = List.of(4, 4, 1, 0).get(random.nextInt(4));
        var rollout = ROLLOUTS.get(random.nextInt(ROLLOUTS.size()));
        world.spec(spec(version, rollout.formatted(""), replicas));
        var word = switch (random.nextInt(5)) {
            case 0 -> ", promote: " + world.wanted();
            case 1 -> ", abort: " + world.wanted();
            case 2 -> ", abort: " + world.memory.stable().revision();
            default -> "";
        };
        world.spec(spec(version, rollout.formatted(word), replicas));
    }

    private static void isSound(World world, String where) {
        var tracks = world.tracks();
        assertThat(tracks.stream().mapToInt(Track::weight).sum()).as(where).isEqualTo(100);
        assertThat(tracks).as(where).anyMatch(track -> track.slot() == world.memory.active());
        assertThat(world.memory.trial() == null || world.memory.kept() == null)
                .as(where)
                .isTrue();
        if (world.replicas() > 0) {
            // what proxies give a share to that is gone goes to the others that they give one to
            assertThat(List.of(Slot.values()))
                    .as(where)
                    .anyMatch(slot -> world.weight(slot) > 0 && world.running(slot) > 0);
        }
    }

    private static int weightOfTrial(Memory memory) {
        return memory.trial() == null ? 0 : memory.trial().weight();
    }

    private static String spec(int version, String rollout, int replicas) {
        return "{image: 'shop:%d', ports: {http: 80}, replicas: %d, rollout: %s}"
                .formatted(version, replicas, rollout.formatted(""));
    }
}
