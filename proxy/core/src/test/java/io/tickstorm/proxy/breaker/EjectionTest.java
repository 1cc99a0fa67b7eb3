package io.tickstorm.proxy.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.breaker.Ejection.Cause;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EjectionTest {
    private static final long SEED = 4711;
    private static final Duration BASE = Duration.ofSeconds(10);
    private static final Duration MOST = Duration.ofSeconds(45);
    private static final OutlierEjectionSettings SETTINGS =
            new OutlierEjectionSettings(Duration.ofSeconds(10), 20, 10, BASE, MOST, 50, Duration.ofSeconds(1));

    private final Ejection ejection = new Ejection(new Random(SEED));
    /** The last one. */
    private Admission probe = Admission.FREE;

    @Test
    void isInAtFirst() {
        assertThat(ejection.holds()).isFalse();
        assertThat(ejection.cause()).isNull();
        assertThat(ejection.admit(Admission.FREE)).isEqualTo(Admission.FREE);
    }

    @Test
    void isOutUntilItsTimeIsOver() {
        assertThat(ejection.eject(Cause.OUTLIER, SETTINGS))
                .isBetween(BASE, BASE.multipliedBy(12).dividedBy(10));

        assertThat(ejection.holds()).isTrue();
        assertThat(ejection.cause()).isEqualTo(Cause.OUTLIER);
        assertThat(ejection.admit(Admission.FREE)).isEqualTo(Admission.REFUSED);
        assertThat(ejection.eject(Cause.SILENCE, SETTINGS))
                .as("it is out already")
                .isNull();
        assertThat(ejection.probe()).isTrue();
        assertThat(ejection.holds()).isFalse();
    }

    @Test
    void comesBackThroughOneRequestThatSucceeds() {
        onProbation();
        probe = ejection.admit(Admission.FREE);

        assertThat(probe).matches(Admission::probes);
        assertThat(ejection.admit(Admission.FREE)).as("while the probe runs").isEqualTo(Admission.REFUSED);
        assertThat(ejection.success(Admission.FREE)).as("another one's success").isFalse();
        assertThat(ejection.success(probe)).isTrue();

        assertThat(ejection.admit(Admission.FREE)).isEqualTo(Admission.FREE);
        assertThat(ejection.cause()).isNull();
    }

    @Test
    void aProbeThatFailsKeepsItOutLonger() {
        onProbation();
        probe = ejection.admit(Admission.FREE);

        assertThat(ejection.failure(probe, SETTINGS)).isGreaterThanOrEqualTo(BASE.multipliedBy(2));
        assertThat(ejection.out()).isTrue();
    }

    @Test
    void aProbeThatIsSilentKeepsItOutLonger() {
        onProbation();
        assertThat(ejection.working()).as("before it has a request").isFalse();
        probe = ejection.admit(Admission.FREE);
        assertThat(ejection.working()).isTrue();

        assertThat(ejection.eject(Cause.SILENCE, SETTINGS)).isGreaterThanOrEqualTo(BASE.multipliedBy(2));
        assertThat(ejection.failure(probe, SETTINGS))
                .as("the probe that was moved away ends late")
                .isNull();
    }

    @Test
    void aProbeThatSaysNothingGivesItsPlaceToTheNext() {
        onProbation();
        probe = ejection.admit(Admission.FREE);

        assertThat(ejection.cancelled(probe)).isTrue();
        assertThat(ejection.admit(Admission.FREE)).matches(Admission::probes);
    }

    @Test
    void aProbeThatWasMovedAwaySaysNothingOfTheOneThatRunsNow() {
        onProbation();
        var old = ejection.admit(Admission.FREE);
        onProbation();
        probe = ejection.admit(Admission.FREE);

        assertThat(ejection.cancelled(old)).isFalse();
        assertThat(ejection.success(old)).isFalse();
        assertThat(ejection.failure(old, SETTINGS)).isNull();

        assertThat(ejection.admit(Admission.FREE)).as("while the probe runs").isEqualTo(Admission.REFUSED);
        assertThat(ejection.success(probe)).isTrue();
    }

    @Test
    void aProbeOfAnotherJudgeIsTheSameHere() {
        onProbation();
        var breaker = new CircuitBreaker(new CircuitBreakerSettings(1, BASE, MOST));
        breaker.failure(Admission.FREE);
        breaker.probe();

        probe = breaker.admit();

        assertThat(ejection.admit(probe)).isSameAs(probe);
        assertThat(breaker.cancelled(probe)).isTrue();
        assertThat(ejection.cancelled(probe)).isTrue();
    }

    @Test
    void theTimeGrowsUpToItsMostAndNeverBeyondItsJitter() {
        for (int times = 1; times < 1_000; times++) {
            var time = ejection.eject(Cause.OUTLIER, SETTINGS);
            var exact = BASE.multipliedBy(times).compareTo(MOST) < 0 ? BASE.multipliedBy(times) : MOST;
            assertThat(time).isBetween(exact, exact.multipliedBy(12).dividedBy(10));
            ejection.probe();
        }
    }

    @Test
    void eachIntervalThatItGetsThroughIsForgotten() {
        ejection.eject(Cause.OUTLIER, SETTINGS);
        ejection.probe();
        ejection.eject(Cause.OUTLIER, SETTINGS);
        ejection.calm();
        assertThat(ejection.times()).as("it is not in").isEqualTo(2);
        ejection.probe();
        probe = ejection.admit(Admission.FREE);
        ejection.success(probe);

        ejection.calm();
        assertThat(ejection.times()).isOne();
        ejection.calm();
        ejection.calm();
        assertThat(ejection.times()).isZero();
    }

    /** Against a model that says the same in other words: a place, a number, and whether the probe runs. */
    @Test
    void behavesAsItsStateMachineWhateverHappens() {
        var random = new Random(SEED);
        for (int run = 0; run < 200; run++) {
            var tested = new Ejection(new Random(run));
            var place = "in";
            int times = 0;
            var runs = Admission.FREE;
            for (int step = 0; step < 200; step++) {
                var description = "seed " + SEED + ", run " + run + ", step " + step + ", " + place + " " + times;
                switch (random.nextInt(8)) {
                    case 0 -> {
                        boolean ejected = tested.eject(Cause.SILENCE, SETTINGS) != null;
                        assertThat(ejected).as(description).isEqualTo(!place.equals("out"));
                        times += ejected ? 1 : 0;
                        place = "out";
                    }
                    case 1, 2 -> {
                        assertThat(tested.probe()).as(description).isEqualTo(place.equals("out"));
                        place = place.equals("out") ? "free" : place;
                    }
                    case 3, 4 -> {
                        var expected = switch (place) {
                            case "in" -> "FREE";
                            case "free" -> "PROBE";
                            default -> "REFUSED";
                        };
                        var admission = tested.admit(Admission.FREE);
                        assertThat(admission.toString()).as(description).isEqualTo(expected);
                        runs = admission.probes() ? admission : runs;
                        place = place.equals("free") ? "probed" : place;
                    }
                    case 5 -> {
                        assertThat(tested.success(place.equals("probed") ? runs : Admission.FREE))
                                .as(description)
                                .isEqualTo(place.equals("probed"));
                        place = place.equals("probed") ? "in" : place;
                    }
                    case 6 -> {
                        boolean fails = place.equals("probed") && random.nextBoolean();
                        assertThat(tested.failure(fails ? runs : Admission.FREE, SETTINGS) != null)
                                .as(description)
                                .isEqualTo(fails);
                        times += fails ? 1 : 0;
                        place = fails ? "out" : place;
                    }
                    default -> {
                        tested.calm();
                        times -= place.equals("in") && times > 0 ? 1 : 0;
                    }
                }
                assertThat(tested.times()).as(description).isEqualTo(times);
                assertThat(tested.holds()).as(description).isEqualTo(place.equals("out") || place.equals("probed"));
            }
        }
    }

    private void onProbation() {
        ejection.eject(Cause.SILENCE, SETTINGS);
        ejection.probe();
    }
}
