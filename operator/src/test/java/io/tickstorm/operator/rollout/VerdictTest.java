package io.tickstorm.operator.rollout;

import static io.tickstorm.operator.rollout.World.measured;
import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.operator.crd.RolloutSpec.Analysis;
import io.tickstorm.operator.rollout.Verdict.Kind;
import io.tickstorm.operator.telemetry.Measured;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What measurements say of a version. */
class VerdictTest {
    private static final Analysis DEFAULTS = analysis(null, null, null, null);
    private static final Measured STABLE = measured(1000, 0, 20);

    @ParameterizedTest(name = "{0} answered, {1} failed: {2}")
    @CsvSource({
        "50, 0, GOOD",
        "49, 0, IDLE",
        "0, 0, IDLE",
        "99, 1, GOOD",
        "49, 1, UNDECIDED",
        "98, 2, UNDECIDED",
        "97, 3, BAD",
        "96, 4, BAD",
        "0, 4, UNDECIDED",
        "0, 5, BAD",
        "9900, 100, GOOD",
        "9890, 110, UNDECIDED",
        "9870, 130, BAD",
    })
    void failuresCountOnceChanceDoesNotExplainThem(long answered, long failed, Kind expected) {
        assertThat(Verdict.of(DEFAULTS, measured(answered, failed, 20), STABLE).kind())
                .isEqualTo(expected);
    }

    @Test
    void whatTheStableVersionFailsAtAsWellSaysNothing() {
        var verdict = Verdict.of(DEFAULTS, measured(50, 50, 20), measured(50, 50, 20));

        assertThat(verdict.kind()).isEqualTo(Kind.UNDECIDED);
        assertThat(verdict.why()).contains("the stable version fails no less");
    }

    @Test
    void withoutAStableVersionInTrafficFailuresStandForThemselves() {
        assertThat(Verdict.of(DEFAULTS, measured(50, 50, 20), Measured.NOTHING).kind())
                .isEqualTo(Kind.BAD);
    }

    @Test
    void noFailureIsAllowedWhereNoneIs() {
        var strict = analysis(null, 0, null, null);

        assertThat(Verdict.of(strict, measured(999, 1, 20), STABLE).kind()).isEqualTo(Kind.BAD);
        assertThat(Verdict.of(strict, measured(999, 0, 20), STABLE).kind()).isEqualTo(Kind.GOOD);
    }

    @ParameterizedTest(name = "{0} ms beside {1} ms: {2}")
    @CsvSource({"20, 20, GOOD", "39, 20, GOOD", "45, 20, BAD", "9, 2, GOOD", "14, 2, BAD"})
    void theTimeIsComparedBeyondTheNoise(int trial, int stable, Kind expected) {
        assertThat(Verdict.of(DEFAULTS, measured(1000, 0, trial), measured(1000, 0, stable))
                        .kind())
                .isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0} fast, {1} slow: {2}")
    @CsvSource({"50, 1, GOOD", "50, 4, GOOD", "50, 5, BAD", "990, 10, GOOD", "984, 16, GOOD", "983, 17, BAD"})
    void slowAnswersCountOnceChanceDoesNotExplainThem(long fast, long slow, Kind expected) {
        assertThat(Verdict.of(DEFAULTS, measured(fast, 0, 20).plus(measured(slow, 0, 200)), STABLE)
                        .kind())
                .isEqualTo(expected);
    }

    @Test
    void theTimeMayHaveALimitOfItsOwn() {
        var limited = analysis(null, null, "100ms", 0);

        assertThat(Verdict.of(limited, measured(1000, 0, 99), STABLE).kind()).isEqualTo(Kind.GOOD);
        var slow = Verdict.of(limited, measured(1000, 0, 120), STABLE);
        assertThat(slow.kind()).isEqualTo(Kind.BAD);
        assertThat(slow.why()).contains("at most 100ms", "p99 1");
    }

    @Test
    void twoVersionsAreNotComparedUntilBothWereAskedEnough() {
        assertThat(Verdict.of(DEFAULTS, measured(1000, 0, 100), measured(10, 0, 20))
                        .kind())
                .isEqualTo(Kind.GOOD);
    }

    private static Analysis analysis(
            Integer minRequests, Integer maxErrorPercent, String maxP99, Integer maxP99Percent) {
        return new Analysis(null, null, minRequests, maxErrorPercent, maxP99, maxP99Percent, null);
    }
}
