package io.tickstorm.proxy.backend;

import static io.tickstorm.proxy.backend.BackendFixture.active;
import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.breaker.CircuitBreakerSettings;
import io.tickstorm.proxy.endpoint.FailureKind;
import io.tickstorm.proxy.retry.RetrySettings;
import io.tickstorm.proxy.retry.WireState;
import io.tickstorm.proxy.time.ManualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every attempt fails after it was sent, nothing judges, and every request retries as often and waits as long as it may. */
class RetryStormTest {
    private static final Duration TICK = Duration.ofMillis(1);
    private static final int SECONDS = 20;

    private int requests;
    private int answered;
    /** Requests that came to an upstream at all. */
    private int tried;

    /** A fifth more: that is the budget of 20 %. */
    @ParameterizedTest
    @CsvSource({
        // requests in a millisecond, milliseconds until an attempt fails, limit of each of four upstreams
        "1, 1, 0",
        "1, 20, 0",
        "5, 5, 0",
        "5, 100, 0",
        "1, 20, 8",
        "5, 100, 50",
    })
    void theLoadGrowsByAFifthAtMost(int rate, int millis, int limit) {
        var fixture = storm(limit);

        run(fixture, rate, Duration.ofMillis(millis));

        long attempts = fixture.backend.upstreams().stream()
                .mapToLong(upstream -> upstream.tally().requests())
                .sum();
        assertThat((double) attempts / tried).isBetween(1.0, 1.2);
        assertThat(answered).as("nobody is forgotten").isEqualTo(requests);
        assertThat(fixture.backend.queued()).isZero();
        assertThat(fixture.backend.inFlight()).isZero();
        assertThat(fixture.backend.retries().budget().running()).isZero();
    }

    @Test
    void withoutABudgetThereAreNoRetriesAtAll() {
        var fixture = new BackendFixture(settings(0, new RetrySettings.Budget(0, 0)), null);
        fixture.update(active("a"), active("b"));

        run(fixture, 1, Duration.ofMillis(5));

        assertThat(fixture.backend.upstreams().stream()
                        .mapToLong(upstream -> upstream.tally().requests())
                        .sum())
                .isEqualTo(requests);
    }

    private void run(BackendFixture fixture, int rate, Duration work) {
        for (int tick = 0; tick < SECONDS * 1_000; tick++) {
            for (int i = 0; i < rate; i++) {
                requests++;
                new Request(fixture, work).begin();
            }
            fixture.time.advance(TICK);
        }
        fixture.time.advance(Duration.ofSeconds(30));
    }

    private static BackendFixture storm(int limit) {
        var fixture = new BackendFixture(settings(limit, RetrySettings.DEFAULT.budget()), null);
        fixture.update(active("a"), active("b"), active("c"), active("d"));
        return fixture;
    }

    private static BackendSettings settings(int limit, RetrySettings.Budget budget) {
        var old = BackendFixture.settings(false, budget);
        return new BackendSettings(
                old.balancing(),
                null,
                old.retries(),
                new CircuitBreakerSettings(0, Duration.ofSeconds(1), Duration.ofSeconds(1)),
                old.outlierEjection(),
                new LimitSettings(limit, 0, LimitSettings.NONE.queue()),
                null);
    }

    /** What a data path does, without the data. */
    private final class Request {
        private final Backend backend;
        private final ManualTime time;
        private final Duration work;
        private final Attempts attempts = new Attempts();

        Request(BackendFixture fixture, Duration work) {
            this.backend = fixture.backend;
            this.time = fixture.time;
            this.work = work;
        }

        void begin() {
            var lease = backend.acquire(attempts);
            if (lease != null) {
                attempt(lease);
            } else {
                await(false);
            }
        }

        private void attempt(Lease lease) {
            tried += attempts.made() == 1 ? 1 : 0;
            time.after(work, () -> {
                lease.end(new Outcome.Failure(FailureKind.RESET));
                time.after(backend.retries().delay(FailureKind.RESET, WireState.SENT, attempts.made()), this::retry);
            });
        }

        private void retry() {
            switch (backend.retry(attempts, FailureKind.RESET, WireState.SENT, true, true)) {
                case Lease lease -> attempt(lease);
                case Retry.Denied denied -> {
                    if (denied == Retry.Denied.BY_RULE) {
                        answered++;
                    } else {
                        await(attempts.pays());
                    }
                }
            }
        }

        private void await(boolean pays) {
            var place = backend.await(attempts, pays, this::attempt);
            if (place == null) {
                answered++;
                return;
            }
            time.after(backend.queueTimeout(), () -> {
                if (place.leave()) {
                    answered++;
                }
            });
        }
    }
}
