package io.tickstorm.proxy.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tickstorm.proxy.time.Ticker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoundRobinTest extends PolicyContract {
    @Override
    Policy policy(Ticker ticker, RandomGenerator generator) {
        return Policies.of(new BalancingSettings(BalancingSettings.Kind.ROUND_ROBIN), ticker, generator);
    }

    @Test
    void takesEachInTurnWhateverItsLoad() {
        var upstreams = upstreams(3);
        load(upstreams.get(1), 100);
        var chooser = policy().over(upstreams);

        var round = List.of(pick(chooser), pick(chooser), pick(chooser));

        assertThat(round).containsExactlyInAnyOrder(0, 1, 2);
        assertThat(List.of(pick(chooser), pick(chooser), pick(chooser))).isEqualTo(round);
    }

    @Test
    void aNewChooserGoesOnWhereTheLastOneWas() {
        // Each change of the set makes a new chooser; began each anew, one upstream would get the first pick every
        // time.
        var policy = policy();
        var upstreams = upstreams(4);
        var picked = new HashSet<Integer>();

        for (int i = 0; i < 4; i++) {
            picked.add(pick(policy.over(upstreams)));
        }

        assertThat(picked).hasSize(4);
    }

    @Test
    void weightedTurnsAreSpreadNotBunched() {
        var upstreams = List.of(upstream("light", 1), upstream("heavy", 3));
        var chooser = policy().over(upstreams);
        var light = new ArrayList<Integer>();

        for (int i = 0; i < 400; i++) {
            if (pick(chooser) == 0) {
                light.add(i);
            }
        }

        assertThat(light).hasSizeBetween(99, 101);
        for (int i = 1; i < light.size(); i++) {
            assertThat(light.get(i) - light.get(i - 1))
                    .as("turns between two of the light one")
                    .isBetween(2, 6);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1 3", "5 1 1", "1 2 5", "1 1 1 7", "90 10", "18 73 98 9 33 16 64 98 58 61", "50 1 1 1 1 1 1"})
    void noneIsEverThreeTurnsAwayFromItsShareNorWaitsTwiceAsLongAsItShould(String text) {
        var weights = Arrays.stream(text.split(" ")).mapToInt(Integer::parseInt).toArray();
        double sum = Arrays.stream(weights).sum();
        var chooser = policy().over(Arrays.stream(weights)
                .mapToObj(weight -> upstream("u" + weight, weight))
                .toList());
        var turns = new int[weights.length];
        var last = new int[weights.length];

        for (int i = 1; i <= 4_000; i++) {
            int picked = pick(chooser);
            turns[picked]++;
            for (int k = 0; k < weights.length; k++) {
                assertThat(turns[k]).isCloseTo((int) Math.round(i * weights[k] / sum), within(3));
            }
            if (last[picked] > 0) {
                assertThat((i - last[picked]) * weights[picked] / sum).isLessThan(2);
            }
            last[picked] = i;
        }
    }

    private static int pick(Chooser chooser) {
        return chooser.pick(Chooser.NO_KEY, Exclusion.NONE);
    }
}
