package io.tickstorm.proxy.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class HealthJudgeTest {
    private final HealthJudge judge = new HealthJudge(settings(2, 3), true);

    @Test
    void trustsAnUpstreamThatWasNeverAsked() {
        assertThat(judge.healthy()).isTrue();
    }

    @Test
    void theFirstAnswerDecidesAtOnce() {
        assertThat(judge.judge(false)).isTrue();
        assertThat(judge.healthy()).isFalse();

        var other = new HealthJudge(settings(2, 3), true);
        assertThat(other.judge(true)).isFalse();
        assertThat(other.healthy()).isTrue();
    }

    @Test
    void fallsAfterSoManyFailuresInARow() {
        judge.judge(true);

        assertThat(judge.judge(false)).isFalse();
        assertThat(judge.judge(false)).isFalse();
        assertThat(judge.judge(true)).isFalse();
        assertThat(judge.judge(false)).isFalse();
        assertThat(judge.judge(false)).isFalse();
        assertThat(judge.judge(false)).isTrue();
        assertThat(judge.healthy()).isFalse();
    }

    @Test
    void risesAfterSoManySuccessesInARow() {
        judge.judge(false);

        assertThat(judge.judge(true)).isFalse();
        assertThat(judge.judge(false)).isFalse();
        assertThat(judge.judge(true)).isFalse();
        assertThat(judge.judge(true)).isTrue();
        assertThat(judge.healthy()).isTrue();
    }

    private static HealthCheckSettings settings(int rise, int fall) {
        var second = Duration.ofSeconds(1);
        var tcp = HealthCheckSettings.Type.TCP;
        return new HealthCheckSettings(
                tcp, 0, "/", HealthCheckSettings.DEFAULT.expectedStatus(), second, second, rise, fall);
    }
}
