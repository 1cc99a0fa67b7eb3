package io.tickstorm.proxy.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointId;
import io.tickstorm.proxy.endpoint.Upstream;
import io.tickstorm.proxy.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HealthChecksTest {
    private static final long SEED = 4711;
    private static final Duration INTERVAL = Duration.ofSeconds(3);
    private static final Duration FAST = Duration.ofMillis(500);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final HealthCheckSettings SETTINGS =
            new HealthCheckSettings(Probe.Tcp.CONNECTION, 0, INTERVAL, FAST, TIMEOUT, 2, 2);

    private final ManualTime time = new ManualTime();
    private final List<String> verdicts = new ArrayList<>();
    private final FakeProber prober = new FakeProber();
    private final HealthChecks checks = new HealthChecks(
            SETTINGS,
            prober,
            time,
            new Random(SEED),
            (upstream, healthy, reason) ->
                    verdicts.add(upstream.endpoint().name() + (healthy ? " healthy: " : " unhealthy: ") + reason));
    private final Upstream a = upstream("a");

    /** Keeps the questions, so that a test answers when it likes. */
    private final class FakeProber implements Prober {
        final List<Long> askedAt = new ArrayList<>();
        final List<Consumer<ProbeResult>> open = new ArrayList<>();

        @Override
        public void probe(Endpoint endpoint, HealthCheckSettings settings, Consumer<ProbeResult> result) {
            askedAt.add(time.nanos());
            open.add(result);
        }

        void answer(ProbeResult result) {
            open.removeLast().accept(result);
        }
    }

    @Test
    void theFirstCheckComesWithinOneIntervalAndTheOthersAtTheInterval() {
        checks.follow(List.of(a));

        round(new ProbeResult.Passed());
        assertThat(prober.askedAt.getFirst()).isLessThan(INTERVAL.toNanos());
        round(new ProbeResult.Passed());
        round(new ProbeResult.Passed());

        assertThat(prober.askedAt).hasSize(3);
        assertThat(prober.askedAt.get(1) - prober.askedAt.get(0)).isEqualTo(INTERVAL.toNanos());
        assertThat(prober.askedAt.get(2) - prober.askedAt.get(1)).isEqualTo(INTERVAL.toNanos());
    }

    @Test
    void firstChecksAreSpreadOverTheInterval() {
        checks.follow(IntStream.range(0, 100).mapToObj(i -> upstream("u" + i)).toList());

        time.advance(INTERVAL);

        assertThat(prober.askedAt).hasSize(100);
        for (int third = 0; third < 3; third++) {
            long from = INTERVAL.toNanos() / 3 * third;
            long to = INTERVAL.toNanos() / 3 * (third + 1);
            assertThat(prober.askedAt.stream().filter(at -> at >= from && at < to))
                    .as("third %d, seed %d", third, SEED)
                    .hasSizeBetween(20, 47);
        }
    }

    @Test
    void tellsAVerdictOnceWithWhatWasSeen() {
        checks.follow(List.of(a));

        round(new ProbeResult.Failed("status 503"));
        round(new ProbeResult.Failed("status 503"));
        round(new ProbeResult.Passed());
        round(new ProbeResult.Passed());
        round(new ProbeResult.Passed());

        assertThat(verdicts)
                .containsExactly(
                        "a unhealthy: the last check failed: status 503", "a healthy: 2 checks in a row passed");
    }

    @Test
    void noAnswerInTimeIsAFailureAndALateOneIsIgnored() {
        checks.follow(List.of(a));
        untilAsked();
        var late = prober.open.removeLast();

        time.advance(TIMEOUT.plusMillis(100));
        late.accept(new ProbeResult.Passed());

        assertThat(verdicts).containsExactly("a unhealthy: the last check failed: no answer within 2s");
    }

    @Test
    void onlyTheFirstAnswerOfARoundCounts() {
        checks.follow(List.of(a));
        untilAsked();
        var answer = prober.open.removeLast();

        answer.accept(new ProbeResult.Passed());
        answer.accept(new ProbeResult.Failed("again"));
        answer.accept(new ProbeResult.Failed("and again"));

        assertThat(verdicts).isEmpty();
    }

    @Test
    void goesOnAskingWhenNothingEverAnswers() {
        checks.follow(List.of(a));

        time.advance(INTERVAL.multipliedBy(10));

        assertThat(prober.askedAt).hasSize(10);
        assertThat(verdicts).containsExactly("a unhealthy: the last check failed: no answer within 2s");
    }

    @Test
    void whileTheVerdictMayChangeItAsksFaster() {
        checks.follow(List.of(a));
        round(new ProbeResult.Passed());

        round(new ProbeResult.Failed("status 503"));
        time.advance(FAST);
        prober.answer(new ProbeResult.Failed("connection refused"));
        round(new ProbeResult.Failed("connection refused"));
        round(new ProbeResult.Passed());
        time.advance(FAST);
        prober.answer(new ProbeResult.Passed());
        round(new ProbeResult.Passed());

        assertThat(verdicts)
                .containsExactly(
                        "a unhealthy: 2 checks in a row failed: connection refused",
                        "a healthy: 2 checks in a row passed");
        // A test answers up to a hundredth of the interval after the question.
        long latest = FAST.plus(INTERVAL.dividedBy(100)).toNanos();
        var asked = prober.askedAt;
        assertThat(IntStream.range(1, asked.size())
                        .mapToLong(i -> asked.get(i) - asked.get(i - 1))
                        .mapToObj(gap ->
                                gap <= latest ? "fast" : Duration.ofNanos(gap).toString()))
                .containsExactly("PT3S", "fast", "PT3S", "PT3S", "fast", "PT3S");
        time.advance(INTERVAL.multipliedBy(2));
        assertThat(time.pending()).as("deadline and interval of one round").isEqualTo(2);
    }

    @Test
    void anAnswerThatTookLongIsDoubtedNoLaterThanTheIntervalSays() {
        checks.follow(List.of(a));
        round(new ProbeResult.Passed());
        untilAsked();

        time.advance(TIMEOUT.plusMillis(100));
        time.advance(FAST);

        assertThat(prober.askedAt).as("after 2.6 s, not after 3").hasSize(3);
    }

    @Test
    void nothingPollsWhenAnUpstreamIsGone() {
        var b = upstream("b");
        checks.follow(List.of(a, b));
        untilAsked();
        var answers = List.copyOf(prober.open);

        checks.follow(List.of());
        answers.forEach(answer -> answer.accept(new ProbeResult.Failed("too late")));
        int asked = prober.askedAt.size();
        time.advance(INTERVAL.multipliedBy(5));

        assertThat(time.pending()).isZero();
        assertThat(prober.askedAt).hasSize(asked);
        assertThat(verdicts).isEmpty();
    }

    @Test
    void leavesNoTimerWhenAnUpstreamGoesBeforeItsFirstCheck() {
        checks.follow(List.of(a));

        checks.follow(List.of());

        assertThat(time.pending()).isZero();
    }

    @Test
    void whoStaysIsAskedAtItsOwnPaceWhateverComesAndGoes() {
        checks.follow(List.of(a));
        time.advance(INTERVAL);
        prober.answer(new ProbeResult.Passed());
        long first = prober.askedAt.getFirst();

        var b = upstream("b");
        checks.follow(List.of(a, b));
        checks.follow(List.of(a));
        time.advance(INTERVAL);

        assertThat(prober.askedAt).containsExactly(first, first + INTERVAL.toNanos());
    }

    @Test
    void closingStopsAllOfThem() {
        checks.follow(List.of(a, upstream("b")));
        time.advance(INTERVAL);

        checks.close();

        assertThat(time.pending()).isZero();
    }

    private void round(ProbeResult result) {
        untilAsked();
        prober.answer(result);
    }

    /** Lets time pass until the next question, so that its timeout has not begun to matter. */
    private void untilAsked() {
        int asked = prober.askedAt.size();
        for (int i = 0; i < 300 && prober.askedAt.size() == asked; i++) {
            time.advance(INTERVAL.dividedBy(100));
        }
        assertThat(prober.askedAt).hasSize(asked + 1);
    }

    private static Upstream upstream(String name) {
        return new Upstream(Endpoint.active(new EndpointId(name, "10.0.0.1", 80), name));
    }
}
