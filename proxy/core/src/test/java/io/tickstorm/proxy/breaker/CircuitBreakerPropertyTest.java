package io.tickstorm.proxy.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.property.Chance;
import io.tickstorm.proxy.property.Property;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The breaker and a model of it in a few lines come through every history alike. */
class CircuitBreakerPropertyTest {
    private enum Step {
        ADMIT,
        SUCCEED,
        FAIL,
        CANCEL,
        OPEN_TIME_OVER
    }

    private record History(CircuitBreakerSettings settings, List<Step> steps) {
        static History draw(Chance chance) {
            var openFor = chance.between(Duration.ofMillis(100), Duration.ofSeconds(1));
            return new History(
                    new CircuitBreakerSettings(
                            chance.between(0, 4), openFor, chance.between(openFor, Duration.ofSeconds(5))),
                    chance.steps(5, () -> chance.oneOf(List.of(Step.values()))));
        }
    }

    private enum State {
        CLOSED,
        OPEN,
        PROBING
    }

    /** What the package says, without a thought for threads. */
    private static final class Model {
        final CircuitBreakerSettings settings;
        State state = State.CLOSED;
        boolean probeRuns;
        int failures;
        int openings;

        Model(CircuitBreakerSettings settings) {
            this.settings = settings;
        }

        /** As it must be called. */
        String admit() {
            if (state == State.CLOSED) {
                return "FREE";
            }
            if (state == State.PROBING && !probeRuns) {
                probeRuns = true;
                return "PROBE";
            }
            return "REFUSED";
        }

        boolean succeed(boolean probe) {
            if (probe) {
                state = State.CLOSED;
                probeRuns = false;
                openings = 0;
            }
            if (state == State.CLOSED) {
                failures = 0;
            }
            return probe;
        }

        Duration fail(boolean probe) {
            if (state == State.CLOSED && settings.consecutiveFailures() > 0) {
                failures++;
            }
            if (probe
                    || (state == State.CLOSED
                            && settings.consecutiveFailures() > 0
                            && failures >= settings.consecutiveFailures())) {
                state = State.OPEN;
                probeRuns = false;
                failures = 0;
                openings++;
                var doubled = settings.openFor().multipliedBy(1L << Math.min(20, openings - 1));
                return doubled.compareTo(settings.maxOpenFor()) < 0 ? doubled : settings.maxOpenFor();
            }
            return null;
        }

        boolean cancel(boolean probe) {
            if (probe) {
                probeRuns = false;
            }
            return probe;
        }

        boolean openTimeOver() {
            boolean was = state == State.OPEN;
            if (was) {
                state = State.PROBING;
            }
            return was;
        }

        boolean holds() {
            return state == State.OPEN || probeRuns;
        }
    }

    @Test
    void theBreakerGoesThroughEveryHistoryAsItsModel() {
        Property.holds(2_000, History::draw, CircuitBreakerPropertyTest::sameAsModel);
    }

    private static void sameAsModel(History history) {
        var breaker = new CircuitBreaker(history.settings());
        var model = new Model(history.settings());
        var running = new ArrayList<Admission>();
        for (var step : history.steps()) {
            // What ends is the oldest attempt that runs: those from before it opened end late.
            boolean ends = step != Step.ADMIT && step != Step.OPEN_TIME_OVER && !running.isEmpty();
            var by = ends ? running.removeFirst() : Admission.FREE;
            switch (step) {
                case ADMIT -> {
                    var admission = breaker.admit();
                    assertThat(admission.toString()).isEqualTo(model.admit());
                    if (admission != Admission.REFUSED) {
                        running.add(admission);
                    }
                }
                case SUCCEED -> assertThat(breaker.success(by)).isEqualTo(model.succeed(by.probes()));
                case FAIL -> assertThat(breaker.failure(by)).isEqualTo(model.fail(by.probes()));
                case CANCEL -> assertThat(breaker.cancelled(by)).isEqualTo(model.cancel(by.probes()));
                case OPEN_TIME_OVER -> assertThat(breaker.probe()).isEqualTo(model.openTimeOver());
            }
            assertThat(breaker.holds()).isEqualTo(model.holds());
            assertThat(running.stream().filter(Admission::probes).count()).isLessThanOrEqualTo(1);
        }
    }
}
