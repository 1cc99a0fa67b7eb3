package io.tickstorm.proxy.backend;

import static io.tickstorm.proxy.backend.BackendFixture.active;
import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.endpoint.FailureKind;
import io.tickstorm.proxy.retry.RetrySettings;
import io.tickstorm.proxy.retry.WireState;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The fixture's budget: one retry at once, or a fifth of what runs; two retries for each request. */
class BackendRetryTest {
    private final BackendFixture fixture = new BackendFixture(false);
    private final Backend backend = fixture.backend;

    BackendRetryTest() {
        fixture.update(active("a"), active("b"), active("c"));
    }

    @Test
    void theFirstRetryOfWhatWasNotSentIsFree() {
        var attempts = failed(FailureKind.CONNECT_REFUSED);

        var retry = notSent(attempts);

        assertThat(retry).isNotNull();
        assertThat(backend.retries().budget().running()).isZero();
        assertThat(retry.upstream().tally().retries()).isOne();
    }

    @Test
    void theNextOneIsPaidUntilItsLeaseEnds() {
        var attempts = failed(FailureKind.CONNECT_REFUSED);
        end(notSent(attempts));

        var second = notSent(attempts);

        assertThat(second).isNotNull();
        assertThat(backend.retries().budget().running()).isOne();
        second.end(new Outcome.Success(1));
        assertThat(backend.retries().budget().running()).isZero();
    }

    @Test
    void whatWasSentIsPaidFromTheFirstRetryOn() {
        var first = sent(failed(FailureKind.RESET));
        assertThat(first).isNotNull();
        assertThat(backend.retries().budget().running()).isOne();

        var later = failed(FailureKind.RESET);
        assertThat(sent(later)).isNull();
        assertThat(retry(later)).as("the budget is used up").isEqualTo(Retry.Denied.BY_BUDGET);

        first.end(new Outcome.Success(1));
        assertThat(sent(later)).as("asked again for the same failure").isNotNull();
    }

    @Test
    void theBudgetGrowsWithWhatRuns() {
        for (int i = 0; i < 10; i++) {
            fixture.acquire();
        }

        assertThat(sent(failed(FailureKind.RESET))).isNotNull();
        assertThat(sent(failed(FailureKind.RESET))).isNotNull();
        // 12 run now, a fifth of which is 2.
        assertThat(sent(failed(FailureKind.RESET))).isNull();
    }

    @Test
    void theRuleComesBeforeTheBudget() {
        var attempts = failed(FailureKind.RESET);

        assertThat(backend.retry(attempts, FailureKind.RESET, WireState.SENT, false, true))
                .as("POST that may have been processed")
                .isEqualTo(Retry.Denied.BY_RULE);
        assertThat(backend.retry(attempts, FailureKind.RESET, WireState.RESPONSE_STARTED, true, true))
                .isEqualTo(Retry.Denied.BY_RULE);
        assertThat(backend.retries().budget().running()).isZero();
    }

    @Test
    void aRequestIsNotTriedForEver() {
        var attempts = failed(FailureKind.CONNECT_REFUSED);
        end(notSent(attempts));
        end(notSent(attempts));

        assertThat(notSent(attempts)).isNull();
        assertThat(attempts.made()).isEqualTo(3);
    }

    @Test
    void payingForARetryThatFindsNoUpstreamCostsNothing() {
        var attempts = failed(FailureKind.RESET);
        fixture.update();

        assertThat(retry(attempts)).isEqualTo(Retry.Denied.NO_UPSTREAM);

        assertThat(backend.retries().budget().running()).isZero();
    }

    @Test
    void aBudgetOfNothingIsARuleAndNotAReasonToWait() {
        var without = BackendFixture.withBudget(new RetrySettings.Budget(0, 0));
        without.update(active("a"), active("b"));
        var attempts = new Attempts();
        var lease = without.backend.acquire(attempts);
        assertThat(lease).isNotNull();
        lease.end(new Outcome.Failure(FailureKind.RESET));

        assertThat(without.backend.retry(attempts, FailureKind.RESET, WireState.SENT, true, true))
                .isEqualTo(Retry.Denied.BY_RULE);
    }

    private Attempts failed(FailureKind kind) {
        var attempts = new Attempts();
        var lease = backend.acquire(attempts);
        assertThat(lease).isNotNull();
        lease.end(new Outcome.Failure(kind));
        return attempts;
    }

    private @Nullable Lease notSent(Attempts attempts) {
        return lease(backend.retry(attempts, FailureKind.CONNECT_REFUSED, WireState.NOTHING_SENT, false, false));
    }

    private @Nullable Lease sent(Attempts attempts) {
        return lease(retry(attempts));
    }

    private Retry retry(Attempts attempts) {
        return backend.retry(attempts, FailureKind.RESET, WireState.SENT, true, true);
    }

    private static @Nullable Lease lease(Retry retry) {
        return retry instanceof Lease lease ? lease : null;
    }

    private static void end(@Nullable Lease lease) {
        assertThat(lease).isNotNull();
        lease.end(new Outcome.Failure(FailureKind.CONNECT_REFUSED));
    }
}
