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

    @Test
    void doubtsAsLongAsTheLastResultsSpeakAgainstTheVerdict() {
        judge.judge(true);
        assertThat(judge.doubts()).isFalse();

        judge.judge(false);
        assertThat(judge.doubts()).isTrue();
        judge.judge(true);
        assertThat(judge.doubts()).isFalse();
        judge.judge(false);
        judge.judge(false);
        assertThat(judge.doubts()).isTrue();
        judge.judge(false);
        assertThat(judge.doubts()).as("the verdict is new").isFalse();
        assertThat(judge.decidedBy()).isEqualTo(3);
        judge.judge(true);
        assertThat(judge.doubts()).isTrue();
    }

    private static HealthCheckSettings settings(int rise, int fall) {
        var second = Duration.ofSeconds(1);
        return new HealthCheckSettings(Probe.Tcp.CONNECTION, 0, second, second, second, rise, fall);
    }
}
