package io.tickstorm.proxy.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.time.ManualTime;
import io.tickstorm.proxy.time.Randomness;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartingTest {
    private static final Duration WINDOW = Duration.ofSeconds(40);

    private final ManualTime time = new ManualTime();

    private Parting parting(Duration window, long seed) {
        return new Parting(window, time, Randomness.seeded(seed));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 10, 100, 1_000})
    void turnsLieEvenlyInTheFirstThreeQuarters(int sessions) {
        for (long seed = 0; seed < 20; seed++) {
            var parting = parting(WINDOW, seed);

            var turns = IntStream.range(0, sessions)
                    .mapToObj(session -> parting.turn())
                    .sorted()
                    .toList();

            assertThat(turns).allSatisfy(turn -> assertThat(turn).isPositive().isLessThanOrEqualTo(quarters(3)));
            // The golden ratio leaves no gap of twice the mean; a turn is rounded to a step.
            for (int i = 1; i < sessions; i++) {
                assertThat(turns.get(i).minus(turns.get(i - 1)))
                        .as("%d of seed %d", i, seed)
                        .isLessThanOrEqualTo(quarters(3)
                                .multipliedBy(19)
                                .dividedBy(10L * sessions)
                                .plusMillis(150));
            }
        }
    }

    private static Duration quarters(int count) {
        return WINDOW.multipliedBy(count).dividedBy(4);
    }

    @Test
    void noMoreDifferentWaitsThanStepsAreAskedFor() {
        var parting = parting(Duration.ofHours(24), 1);

        assertThat(IntStream.range(0, 10_000)
                        .mapToObj(session -> parting.turn())
                        .distinct())
                .hasSizeLessThanOrEqualTo(256);
    }

    @Test
    void whoComesLateHasWhatIsLeftOfItsTurn() {
        var early = parting(WINDOW, 5).turn();
        var parting = parting(WINDOW, 5);

        time.advance(Duration.ofSeconds(1));

        assertThat(parting.turn()).isBetween(early.minusMillis(1_000), early.minusMillis(800));
        time.advance(quarters(3));
        assertThat(parting.turn()).isZero();
    }

    @Test
    void withoutAnyTimeAllAreToldAtOnce() {
        var parting = parting(Duration.ZERO, 1);

        assertThat(parting.turn()).isZero();
        assertThat(parting.patience()).isZero();
    }

    @Test
    void theLastOneHasTimeToAnswer() {
        assertThat(parting(WINDOW, 1).patience()).isEqualTo(Duration.ofSeconds(5));
    }
}
