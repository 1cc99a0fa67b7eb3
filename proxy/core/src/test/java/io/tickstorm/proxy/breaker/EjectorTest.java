package io.tickstorm.proxy.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.breaker.Ejector.Outlier;
import io.tickstorm.proxy.breaker.Ejector.Sample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EjectorTest {
    private static final long SEED = 20261121;

    private final Ejector ejector = new Ejector(OutlierEjectionSettings.DEFAULT);

    /** Mean − 1.9 standard deviations, the usual rule, would need a success rate below −18 % here. */
    @ParameterizedTest
    @CsvSource({"2, 0", "3, 0", "10, 0", "3, 5"})
    void whoFailsFarMoreThanItsPeersIsAnOutlierAmongFewToo(int upstreams, int usualFailures) {
        var samples = samples(upstreams, 100, usualFailures);
        samples.set(1, new Sample<>("b", 100, 50));

        assertThat(names(samples)).containsExactly("b");
    }

    @Test
    void theNumbersAreToldInWords() {
        var samples = List.of(new Sample<>("a", 100, 50), new Sample<>("b", 150, 3), new Sample<>("c", 150, 0));

        assertThat(ejector.outliers(samples, 3, 0))
                .containsExactly(new Outlier<>("a", "50 % of its 100 attempts failed, of the others' 300 1 %"));
    }

    @Test
    void whenAllFailNobodyIsAnOutlier() {
        assertThat(names(samples(3, 1_000, 900))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"19, 19, 100", "20, 20, 9", "0, 0, 100"})
    void fewAttemptsSayNothing(int ended, int failed, int ofEachPeer) {
        var samples = samples(3, ofEachPeer, 0);
        samples.set(0, new Sample<>("a", ended, failed));

        assertThat(names(samples)).isEmpty();
    }

    @Test
    void aSmallDifferenceIsNoneHoweverSureItIs() {
        var samples = samples(3, 1_000_000, 0);
        samples.set(0, new Sample<>("a", 1_000_000, 99_000));

        assertThat(names(samples)).as("9.9 percentage points").isEmpty();
        samples.set(0, new Sample<>("a", 1_000_000, 100_000));
        assertThat(names(samples)).containsExactly("a");
    }

    @Test
    void theWorstGoesFirstAndAtMostHalfOfThemGo() {
        var samples = samples(4, 100, 0);
        samples.set(0, new Sample<>("a", 100, 40));
        samples.set(1, new Sample<>("b", 100, 90));
        samples.set(2, new Sample<>("c", 100, 60));

        assertThat(names(samples)).containsExactly("b", "c");
        assertThat(ejector.outliers(samples, 4, 1))
                .extracting(Outlier::upstream)
                .containsExactly("b");
        assertThat(ejector.outliers(samples, 4, 2)).isEmpty();
    }

    @Test
    void ofTwoOrThreeOneMayGo() {
        var three = samples(3, 100, 0);
        three.set(0, new Sample<>("a", 100, 100));
        three.set(1, new Sample<>("b", 100, 90));

        assertThat(names(three)).containsExactly("a");
        assertThat(ejector.allows(2, 0, 1)).isTrue();
        assertThat(ejector.allows(2, 1, 1)).isFalse();
    }

    @Test
    void theLastOneThatGetsWorkStays() {
        var alone = List.of(new Sample<>("a", 100, 100));

        assertThat(ejector.outliers(alone, 10, 0)).isEmpty();
        assertThat(ejector.allows(10, 0, 0)).isFalse();
    }

    @Test
    void zeroPercentEjectsNobody() {
        var never = new Ejector(new OutlierEjectionSettings(
                Duration.ofSeconds(1), 1, 1, Duration.ofSeconds(1), Duration.ofSeconds(1), 0, Duration.ZERO));

        assertThat(never.allows(10, 0, 9)).isFalse();
    }

    /** What every answer must be, whatever the samples are. */
    @Test
    void neverTooManyNeverTheLastAndOnlyThoseWorseThanTheRest() {
        var random = new Random(SEED);
        for (int round = 0; round < 20_000; round++) {
            int upstreams = 1 + random.nextInt(12);
            int held = random.nextInt(3);
            int out = random.nextInt(held + 1);
            var samples = new ArrayList<Sample<String>>();
            for (int i = 0; i < upstreams; i++) {
                int ended = random.nextInt(200);
                samples.add(new Sample<>("u" + i, ended, random.nextInt(ended + 1)));
            }
            int total = upstreams + held;

            var outliers = ejector.outliers(samples, total, out);

            var description = "seed " + SEED + ", round " + round + ": " + samples + " of " + total + ", out " + out;
            assertThat(outliers.size()).as(description).isLessThan(upstreams);
            assertThat(out + outliers.size())
                    .as(description)
                    .isLessThanOrEqualTo(Math.max(out, Math.max(1, total / 2)));
            var names = new HashSet<>(outliers.stream().map(Outlier::upstream).toList());
            assertThat(names).as(description).hasSameSizeAs(outliers);
            double best = samples.stream()
                    .filter(sample -> !names.contains(sample.upstream()) && sample.ended() > 0)
                    .mapToDouble(Sample::rate)
                    .min()
                    .orElse(0);
            assertThat(samples)
                    .as(description)
                    .filteredOn(sample -> names.contains(sample.upstream()))
                    .allMatch(sample -> sample.rate() > best);
        }
    }

    /** Chance alone: the same rate everywhere, 100,000 intervals, that is 11 days of one each 10 s. */
    @Test
    void equalsAreHardlyEverTakenForOutliers() {
        var random = new Random(SEED);
        int ejected = 0;
        for (int interval = 0; interval < 100_000; interval++) {
            double rate = random.nextDouble();
            var samples = IntStream.range(0, 3)
                    .mapToObj(i -> new Sample<>(
                            i,
                            30,
                            IntStream.range(0, 30)
                                    .filter(attempt -> random.nextDouble() < rate)
                                    .count()))
                    .toList();
            ejected += ejector.outliers(samples, 3, 0).size();
        }

        // 4 standard deviations on one side are 3 in 100,000; three are compared each time, and the approximation by
        // the
        // normal distribution is coarse for 30 attempts.
        assertThat(ejected).as("seed " + SEED).isLessThan(30);
    }

    private List<String> names(List<Sample<String>> samples) {
        return ejector.outliers(samples, samples.size(), 0).stream()
                .map(Outlier::upstream)
                .toList();
    }

    private static List<Sample<String>> samples(int upstreams, int ended, int failed) {
        var samples = new ArrayList<Sample<String>>();
        for (int i = 0; i < upstreams; i++) {
            samples.add(new Sample<>(String.valueOf((char) ('a' + i)), ended, failed));
        }
        return samples;
    }
}
