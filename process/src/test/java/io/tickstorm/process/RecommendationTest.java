package io.tickstorm.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.process.Recommendation.Action;
import io.tickstorm.process.Recommendation.Load;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecommendationTest {
    @ParameterizedTest
    @CsvSource({
        // connections, cpu, memory, replicas: action, replicas
        "63999, 10, 10, 2, NONE, 2",
        "64000, 10, 10, 2, SCALE_UP, 3",
        "80000, 10, 10, 4, SCALE_UP, 6",
        "160000, 10, 10, 1, SCALE_UP, 3",
        "40000, 70, 80, 2, NONE, 2",
        "40000, 70.1, 10, 2, SCALE_UP, 3",
        "40000, 100, 10, 4, SCALE_UP, 6",
        "40000, 10, 80.1, 2, SCALE_UP, 3",
        "64000, 100, 10, 4, SCALE_UP, 6",
        "24000, 10, 10, 3, NONE, 3",
        "23999, 10, 10, 3, SCALE_DOWN, 2",
        "0, 0, 0, 9, SCALE_DOWN, 1",
        "0, 0, 0, 1, NONE, 1",
        "23999, 60, 10, 3, NONE, 3",
        "23999, 10, 79, 3, NONE, 3",
    })
    void theNumbersDecide(int connections, double cpu, double memory, int replicas, Action action, int recommended) {
        var recommendation = of(connections, cpu, memory, replicas);

        assertThat(recommendation.action()).as(recommendation.reason()).isEqualTo(action);
        assertThat(recommendation.replicas()).as(recommendation.reason()).isEqualTo(recommended);
    }

    @Test
    void theReasonNamesEveryNumberThatLedToIt() {
        assertThat(of(72_000, 75.5, 10, 2).reason())
                .isEqualTo("72000 connections of 80000 (90 %), at or above 80 %; cpu 75.5 %, above 70 %");
        assertThat(of(8_000, 5, 10, 4).reason())
                .isEqualTo("8000 connections of 80000 (10 %), below 30 %; cpu 5 %, memory 10 %");
        assertThat(of(8_000, 65, 10, 2).reason())
                .isEqualTo(
                        "8000 connections of 80000 (10 %), below 30 %, but fewer replicas would each have more than they"
                                + " should: cpu 65 %");
        assertThat(of(0, 5, 10, 1).reason())
                .isEqualTo("0 connections of 80000 (0 %), below 30 %, but one replica is the least");
        assertThat(of(40_000, 5, 10, 2).reason())
                .isEqualTo("40000 connections of 80000 (50 %), cpu 5 %, memory 10 %: all within their limits");
    }

    /** Whoever follows one recommendation is not told the contrary by the next: for loads that chance has made. */
    @Test
    void followingARecommendationIsNotUndoneByTheNext() {
        var random = new Random(20_261_121);
        for (int i = 0; i < 10_000; i++) {
            int replicas = 1 + random.nextInt(50);
            int connections = random.nextInt(120_000);
            double cpu = random.nextInt(1001) / 10.0;
            double memory = random.nextInt(1001) / 10.0;
            var first = of(connections, cpu, memory, replicas);
            if (first.action() == Action.NONE) {
                assertThat(first.replicas()).isEqualTo(replicas);
                continue;
            }
            double factor = (double) replicas / first.replicas();

            var next = of((int) (connections * factor), cpu * factor, memory * factor, first.replicas());

            var story = first + ", then " + next;
            if (first.action() == Action.SCALE_UP) {
                assertThat(first.replicas()).as(story).isGreaterThan(replicas);
                assertThat(next.action()).as(story).isNotEqualTo(Action.SCALE_UP);
            } else {
                assertThat(first.replicas()).as(story).isLessThan(replicas).isPositive();
                assertThat(next.action()).as(story).isNotEqualTo(Action.SCALE_UP);
            }
        }
    }

    private static Recommendation of(int connections, double cpu, double memory, int replicas) {
        return Recommendation.of(ScalingSettings.DEFAULT, new Load(connections, cpu, memory), replicas);
    }
}
