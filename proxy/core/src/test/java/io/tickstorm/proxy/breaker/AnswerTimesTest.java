package io.tickstorm.proxy.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AnswerTimesTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final AnswerTimes times = new AnswerTimes(SECOND);

    @Test
    void nothingIsUsualBeforeEnoughIsKnown() {
        answers(AnswerTimes.EXPERIENCE - 1, 1);
        assertThat(times.usual()).isEqualTo(Long.MAX_VALUE);

        answers(1, 1);
        assertThat(times.usual()).isEqualTo(SECOND);
    }

    @Test
    void quickAnswersMakeTheSilenceTheMeasure() {
        answers(10_000, SECOND / 3);

        assertThat(times.usual()).isEqualTo(SECOND);
    }

    @Test
    void slowAnswersRaiseItToThePowerOfTwoAboveThem() {
        answers(1_000, Duration.ofSeconds(30).toNanos());

        assertThat(times.usual()).isEqualTo(32 * SECOND);
    }

    @Test
    void oneInAThousandIsNotUsual() {
        answers(9_990, 1);
        answers(10, Duration.ofSeconds(30).toNanos());
        assertThat(times.usual()).isEqualTo(SECOND);

        answers(1, Duration.ofSeconds(30).toNanos());
        assertThat(times.usual()).isEqualTo(32 * SECOND);
    }

    @Test
    void isForgottenAtTheSecondTurn() {
        answers(1_000, Duration.ofSeconds(30).toNanos());

        times.turn();
        assertThat(times.usual()).isEqualTo(32 * SECOND);
        answers(1_000, 1);
        times.turn();
        assertThat(times.usual()).isEqualTo(SECOND);
        times.turn();
        assertThat(times.usual()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void noTimeIsTooLong() {
        answers(1_000, Long.MAX_VALUE);

        assertThat(times.usual()).isGreaterThan(Duration.ofDays(365).toNanos());
    }

    private void answers(int count, long nanos) {
        for (int i = 0; i < count; i++) {
            times.observe(nanos);
        }
    }
}
