package io.tickstorm.proxy.backend;

import static io.tickstorm.proxy.backend.BackendFixture.active;
import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.backend.LimitSettings.Queue;
import io.tickstorm.proxy.endpoint.FailureKind;
import io.tickstorm.proxy.retry.WireState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Limits of upstreams, and the line of those who wait. The budget pays for one retry at once, or a fifth of what runs. */
class BackendLineTest {
    private static final Outcome SUCCESS = new Outcome.Success(1);

    private final List<String> served = new ArrayList<>();
    private final List<Lease> leases = new ArrayList<>();

    @Test
    void noUpstreamGetsMoreThanItsLimit() {
        var fixture = limited(2);
        fixture.update(active("a"), active("b"));

        for (int i = 0; i < 4; i++) {
            fixture.acquire();
        }

        assertThat(fixture.upstream("a").inFlight()).isEqualTo(2);
        assertThat(fixture.upstream("b").inFlight()).isEqualTo(2);
        assertThat(fixture.backend.acquire(new Attempts())).isNull();
    }

    @Test
    void theLowerOfBothLimitsHolds() {
        var fixture = BackendFixture.with(new LimitSettings(3, 2, LimitSettings.NONE.queue()));
        fixture.update(active("a"));
        fixture.acquire();
        fixture.acquire();

        assertThat(fixture.backend.acquire(new Attempts())).isNull();
    }

    @Test
    void whoWaitsIsServedInOrder() {
        var fixture = limited(1);
        fixture.update(active("a"));
        var running = fixture.acquire();
        enter(fixture.backend, "first");
        enter(fixture.backend, "second");
        enter(fixture.backend, "third");
        assertThat(fixture.backend.queued()).isEqualTo(3);

        running.end(SUCCESS);
        assertThat(served).containsExactly("first");
        leases.removeFirst().end(SUCCESS);
        leases.removeFirst().end(SUCCESS);

        assertThat(served).containsExactly("first", "second", "third");
        assertThat(fixture.upstream("a").inFlight()).isOne();
        assertThat(fixture.upstream("a").tally().requests()).isEqualTo(4);
        assertThat(fixture.backend.queued()).isZero();
    }

    @Test
    void whoComesLaterDoesNotOvertake() {
        var fixture = limited(1);
        fixture.update(active("a"));
        var running = fixture.acquire();
        enter(fixture.backend, "first");

        running.end(SUCCESS);

        assertThat(served).containsExactly("first");
        assertThat(fixture.backend.acquire(new Attempts())).isNull();
    }

    @Test
    void whoLeavesGetsNoLeaseAndKeepsNobodyElse() {
        var fixture = limited(1);
        fixture.update(active("a"));
        var running = fixture.acquire();
        var first = enter(fixture.backend, "first");
        enter(fixture.backend, "second");

        assertThat(first).isNotNull();
        assertThat(first.leave()).isTrue();
        assertThat(first.leave()).as("again").isFalse();
        running.end(SUCCESS);

        assertThat(served).containsExactly("second");
    }

    @Test
    void whoWasServedCannotLeaveAnyMore() {
        var fixture = limited(1);
        fixture.update(active("a"));
        var running = fixture.acquire();
        var place = enter(fixture.backend, "first");

        running.end(SUCCESS);

        assertThat(place).isNotNull();
        assertThat(place.leave()).isFalse();
    }

    @Test
    void theLineIsBounded() {
        var fixture = BackendFixture.with(new LimitSettings(1, 0, new Queue(2, Duration.ofSeconds(1))));
        fixture.update(active("a"));
        fixture.acquire();

        assertThat(enter(fixture.backend, "first")).isNotNull();
        assertThat(enter(fixture.backend, "second")).isNotNull();
        assertThat(enter(fixture.backend, "third")).isNull();
    }

    @Test
    void whoEntersWhileThereIsRoomIsServedAtOnce() {
        var fixture = limited(1);
        fixture.update(active("a"));

        enter(fixture.backend, "first");

        assertThat(served).containsExactly("first");
    }

    @Test
    void anUpstreamThatAppearsServesThoseWhoWait() {
        var fixture = limited(2);
        enter(fixture.backend, "first");
        enter(fixture.backend, "second");
        enter(fixture.backend, "third");

        fixture.update(active("a"));

        assertThat(served).containsExactly("first", "second");
    }

    @Test
    void aHigherLimitServesThoseWhoWait() {
        var fixture = limited(1);
        fixture.update(active("a"));
        fixture.acquire();
        enter(fixture.backend, "first");

        fixture.backend.change(BackendFixture.limited(new LimitSettings(2, 0, LimitSettings.NONE.queue())));

        assertThat(served).containsExactly("first");
    }

    @Test
    void aLowerLimitLetsFinishWhatRuns() {
        var fixture = limited(0);
        fixture.update(active("a"));
        var first = fixture.acquire();
        fixture.acquire();

        fixture.backend.change(BackendFixture.limited(new LimitSettings(1, 0, LimitSettings.NONE.queue())));
        enter(fixture.backend, "waits");
        first.end(SUCCESS);

        assertThat(fixture.upstream("a").inFlight()).isOne();
        assertThat(served).isEmpty();
    }

    @Test
    void aRetryGoesBackRatherThanToWaitForOneThatIsFull() {
        var fixture = limited(1);
        fixture.update(active("a"), active("b"));
        fixture.acquire("b");
        var attempts = new Attempts();
        var first = fixture.backend.acquire(attempts);
        assertThat(first).isNotNull();
        first.end(new Outcome.Failure(FailureKind.RESET));

        assertThat(fixture.backend.retry(attempts, FailureKind.RESET, WireState.SENT, true, true))
                .isInstanceOfSatisfying(
                        Lease.class,
                        next -> assertThat(BackendFixture.name(next)).isEqualTo("a"));
    }

    @Test
    void aRetryThatTheBudgetDoesNotPayWaitsUntilAnotherHasEnded() {
        var fixture = limited(0);
        fixture.update(active("a"), active("b"));
        var running = retry(fixture.backend, failed(fixture));
        var attempts = failed(fixture);
        assertThat(retry(fixture.backend, attempts)).isEqualTo(Retry.Denied.BY_BUDGET);
        assertThat(attempts.pays()).isTrue();
        enter(fixture.backend, "retry", attempts);

        fixture.acquire().end(SUCCESS);
        assertThat(served).as("others are not kept by it").isEmpty();
        assertThat(running).isInstanceOf(Lease.class);
        ((Lease) running).end(SUCCESS);

        assertThat(served).containsExactly("retry");
        assertThat(fixture.backend.retries().budget().running()).isOne();
        leases.getFirst().end(SUCCESS);
        assertThat(fixture.backend.retries().budget().running()).isZero();
    }

    @Test
    void aRetryThatLeavesTheLineCostsTheBudgetNothing() {
        var fixture = limited(0);
        fixture.update(active("a"), active("b"));
        var running = retry(fixture.backend, failed(fixture));
        var attempts = failed(fixture);
        var place = enter(fixture.backend, "retry", attempts, true);

        assertThat(place).isNotNull();
        assertThat(place.leave()).isTrue();
        assertThat(running).isInstanceOf(Lease.class);
        ((Lease) running).end(SUCCESS);

        assertThat(fixture.backend.retries().budget().running()).isZero();
        assertThat(served).isEmpty();
    }

    @Test
    void aBudgetThatGrowsWithWhatRunsServesTheRetry() {
        var fixture = limited(0);
        fixture.update(active("a"), active("b"));
        retry(fixture.backend, failed(fixture));
        enter(fixture.backend, "retry", failed(fixture), true);

        for (int i = 0; i < 9; i++) {
            fixture.acquire();
        }

        assertThat(served).as("ten run, a fifth of which is two").containsExactly("retry");
    }

    @Test
    void aRetryWithBudgetStandsInLineForRoom() {
        var fixture = limited(1);
        fixture.update(active("a"));
        var attempts = failed(fixture);
        var running = fixture.acquire();
        assertThat(retry(fixture.backend, attempts)).isEqualTo(Retry.Denied.NO_UPSTREAM);
        enter(fixture.backend, "retry", attempts);
        enter(fixture.backend, "later");

        running.end(SUCCESS);

        assertThat(served).containsExactly("retry");
    }

    @Test
    void aFreeRetryThatFindsNobodyStaysFree() {
        var fixture = limited(0);
        fixture.update(active("a"));
        var attempts = failed(fixture);
        fixture.update();
        assertThat(fixture.backend.retry(attempts, FailureKind.CONNECT_REFUSED, WireState.NOTHING_SENT, false, false))
                .isEqualTo(Retry.Denied.NO_UPSTREAM);
        enter(fixture.backend, "retry", attempts);

        fixture.update(active("b"));

        assertThat(served).containsExactly("retry");
        assertThat(fixture.backend.retries().budget().running()).isZero();
    }

    @Test
    void whoseLoopIsGoneGivesBackWhatItGot() {
        var fixture = limited(1);
        fixture.update(active("a"));
        var running = fixture.acquire();
        fixture.backend.await(new Attempts(), false, lease -> {
            throw new RejectedExecutionException("shut down");
        });
        enter(fixture.backend, "second");

        running.end(SUCCESS);

        assertThat(served).containsExactly("second");
    }

    private static BackendFixture limited(int requests) {
        return BackendFixture.with(new LimitSettings(requests, 0, LimitSettings.NONE.queue()));
    }

    private @Nullable Place enter(Backend backend, String name) {
        return enter(backend, name, new Attempts());
    }

    private @Nullable Place enter(Backend backend, String name, Attempts attempts) {
        return enter(backend, name, attempts, attempts.pays());
    }

    private @Nullable Place enter(Backend backend, String name, Attempts attempts, boolean pays) {
        return backend.await(attempts, pays, lease -> {
            served.add(name);
            leases.add(lease);
        });
    }

    private static Attempts failed(BackendFixture fixture) {
        var attempts = new Attempts();
        var lease = fixture.backend.acquire(attempts);
        assertThat(lease).isNotNull();
        lease.end(new Outcome.Failure(FailureKind.RESET));
        return attempts;
    }

    private static Retry retry(Backend backend, Attempts attempts) {
        return backend.retry(attempts, FailureKind.RESET, WireState.SENT, true, true);
    }
}
