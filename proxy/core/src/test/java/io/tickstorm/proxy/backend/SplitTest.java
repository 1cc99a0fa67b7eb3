package io.tickstorm.proxy.backend;

import static io.tickstorm.proxy.backend.BackendFixture.active;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tickstorm.proxy.backend.Split.Share;
import io.tickstorm.proxy.endpoint.EndpointSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SplitTest {
    private static final long SEED = 90_10;

    private final Backend stable = live();
    private final Backend canary = live();
    private final Backend other = live();

    @Test
    void aRoundOfTurnsHasExactlyTheShares() {
        var split = split(90, 10);

        assertThat(count(split, 100)).isEqualTo(Map.of(stable, 90, canary, 10));
        assertThat(count(split, 100)).isEqualTo(Map.of(stable, 90, canary, 10));
    }

    @Test
    void sharesAreSpreadEvenlyWithinARound() {
        var split = split(90, 10);
        var last = new ArrayList<Backend>();

        for (int i = 0; i < 1_000; i++) {
            last.add(split.pick());
            if (last.size() > 20) {
                last.removeFirst();
                assertThat(last.stream().filter(canary::equals).count())
                        .as("pick %d", i)
                        .isBetween(1L, 3L);
            }
        }
    }

    @Test
    void anyWeightsGiveExactShares() {
        var random = new Random(SEED);
        for (int round = 0; round < 100; round++) {
            int one = 1 + random.nextInt(300);
            int two = 1 + random.nextInt(300);

            assertThat(count(split(one, two), one + two))
                    .as("seed %d: %d to %d", SEED, one, two)
                    .isEqualTo(Map.of(stable, one, canary, two));
        }
    }

    @Test
    void aShareWithoutALiveEndpointGoesToTheOthersByTheirWeights() {
        var split = new Split(List.of(new Share(stable, 60), new Share(canary, 10), new Share(other, 30)));

        canary.update(EndpointSet.EMPTY);
        assertThat(count(split, 90)).isEqualTo(Map.of(stable, 60, other, 30));

        canary.update(EndpointSet.of(active("a")));
        assertThat(count(split, 100)).isEqualTo(Map.of(stable, 60, canary, 10, other, 30));
    }

    @Test
    void oneWhoseEndpointsAreAllIllCountsAsWithout() {
        var fixture = new BackendFixture(true);
        fixture.update(active("a"), active("b"));
        var split = new Split(List.of(new Share(fixture.backend, 1), new Share(stable, 1)));
        assertThat(count(split, 10)).isEqualTo(Map.of(fixture.backend, 5, stable, 5));

        fixture.ill.add("a");
        fixture.ill.add("b");
        fixture.time.advance(BackendFixture.CHECK_INTERVAL.multipliedBy(2));

        assertThat(count(split, 10)).isEqualTo(Map.of(stable, 10));
    }

    @Test
    void oneThatStandsByGetsNothingWhileAnyOtherLives() {
        var split = new Split(List.of(new Share(stable, 3), new Share(canary, 1), new Share(other, 1_000_000, true)));
        assertThat(count(split, 8)).isEqualTo(Map.of(stable, 6, canary, 2));

        stable.update(EndpointSet.EMPTY);
        assertThat(count(split, 8)).isEqualTo(Map.of(canary, 8));

        canary.update(EndpointSet.EMPTY);
        assertThat(count(split, 8)).isEqualTo(Map.of(other, 8));

        stable.update(EndpointSet.of(active("a")));
        assertThat(count(split, 8)).isEqualTo(Map.of(stable, 8));
    }

    @Test
    void thoseThatStandByShareByTheirWeights() {
        var split = new Split(List.of(new Share(stable, 1), new Share(canary, 3, true), new Share(other, 1, true)));

        stable.update(EndpointSet.EMPTY);
        assertThat(count(split, 8)).isEqualTo(Map.of(canary, 6, other, 2));

        canary.update(EndpointSet.EMPTY);
        assertThat(count(split, 8)).isEqualTo(Map.of(other, 8));
    }

    @Test
    void withNobodyAliveNothingGoesToThoseThatStandBy() {
        var split = new Split(List.of(new Share(stable, 1), new Share(canary, 1, true)));
        stable.update(EndpointSet.EMPTY);
        canary.update(EndpointSet.EMPTY);

        assertThat(count(split, 10)).isEqualTo(Map.of(stable, 10));
    }

    @Test
    void oneOfAWeightOfZeroDoesNotEvenStandBy() {
        var split = new Split(List.of(new Share(stable, 1), new Share(canary, 0, true)));
        stable.update(EndpointSet.EMPTY);

        assertThat(count(split, 10)).isEqualTo(Map.of(stable, 10));
    }

    @Test
    void withNobodyAliveAllKeepTheirShares() {
        var split = split(1, 1);
        stable.update(EndpointSet.EMPTY);
        canary.update(EndpointSet.EMPTY);

        assertThat(count(split, 10)).isEqualTo(Map.of(stable, 5, canary, 5));
    }

    @Test
    void aWeightOfZeroGetsNothingWhateverBecomesOfTheOthers() {
        var split = split(0, 7);
        assertThat(count(split, 10)).isEqualTo(Map.of(canary, 10));

        canary.update(EndpointSet.EMPTY);
        assertThat(count(split, 10)).isEqualTo(Map.of(canary, 10));
    }

    @Test
    void noWeightAtAllIsRefused() {
        assertThatThrownBy(() -> split(0, 0)).hasMessageContaining("expected: up to 64, one of a weight above 0");
        assertThatThrownBy(() -> new Split(List.of(new Share(stable, 0), new Share(canary, 1, true))))
                .hasMessageContaining("that does not stand by");
    }

    private Split split(int first, int second) {
        return new Split(List.of(new Share(stable, first), new Share(canary, second)));
    }

    private static Map<Backend, Integer> count(Split split, int picks) {
        var counts = new HashMap<Backend, Integer>();
        for (int i = 0; i < picks; i++) {
            counts.merge(split.pick(), 1, Integer::sum);
        }
        return counts;
    }

    private static Backend live() {
        var fixture = new BackendFixture(false);
        fixture.update(active("a"));
        return fixture.backend;
    }
}
