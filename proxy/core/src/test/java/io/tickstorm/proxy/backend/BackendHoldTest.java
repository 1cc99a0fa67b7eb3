package io.tickstorm.proxy.backend;

import static io.tickstorm.proxy.backend.BackendFixture.CHECK_INTERVAL;
import static io.tickstorm.proxy.backend.BackendFixture.OPEN_FOR;
import static io.tickstorm.proxy.backend.BackendFixture.active;
import static io.tickstorm.proxy.backend.BackendFixture.draining;
import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.FailureKind;
import io.tickstorm.proxy.endpoint.HoldReason;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who is held back, for how long, and what happens when nobody is left. */
class BackendHoldTest {
    private static final Duration UNREACHABLE = Duration.ofSeconds(1);

    private final BackendFixture fixture = new BackendFixture(false);
    private final Backend backend = fixture.backend;

    @ParameterizedTest
    @EnumSource(names = {"CONNECT_REFUSED", "CONNECT_TIMEOUT", "CONNECT_FAILED", "TLS_FAILED"})
    void whoCannotBeConnectedToRestsForASecond(FailureKind kind) {
        fixture.update(active("a"), active("b"));

        fixture.fail("a", kind);

        assertThat(fixture.upstream("a").holds()).containsExactly(HoldReason.UNREACHABLE);
        assertThat(fixture.inRotation()).containsExactly("b");
        fixture.time.advance(UNREACHABLE.minusMillis(1));
        assertThat(fixture.inRotation()).containsExactly("b");
        fixture.time.advance(Duration.ofMillis(1));
        assertThat(fixture.inRotation()).containsExactlyInAnyOrder("a", "b");
    }

    @ParameterizedTest
    @EnumSource(names = {"RESET", "CLOSED_EARLY", "TIMEOUT", "BAD_RESPONSE", "STATUS_5XX"})
    void oneFailureOfAnotherKindHoldsNobodyBack(FailureKind kind) {
        fixture.update(active("a"), active("b"));

        fixture.fail("a", kind);

        assertThat(fixture.upstream("a").available()).isTrue();
        assertThat(fixture.time.pending()).isZero();
    }

    @Test
    void beingUnreachableIsToldOnceForManyFailures() {
        fixture.update(active("a"), active("b"));
        var first = fixture.acquire("a");
        var second = fixture.acquire("a");

        first.end(new Outcome.Failure(FailureKind.CONNECT_TIMEOUT));
        second.end(new Outcome.Failure(FailureKind.CONNECT_REFUSED));

        assertThat(fixture.events)
                .containsExactly(
                        new BackendEvent.ModeChanged(Mode.EMPTY, Mode.NORMAL),
                        new BackendEvent.Unreachable(fixture.upstream("a"), FailureKind.CONNECT_TIMEOUT));
        assertThat(fixture.time.pending()).isOne();
    }

    @Test
    void newsOfTheEndpointEndTheRest() {
        fixture.update(active("a"), active("b"));
        fixture.fail("a", FailureKind.CONNECT_REFUSED);

        fixture.update(renamed("a"), active("b"));

        assertThat(fixture.upstream("a restarted").available()).isTrue();
        assertThat(fixture.time.pending()).isZero();
    }

    @Test
    void newsOfOthersDoNot() {
        fixture.update(active("a"), active("b"));
        fixture.fail("a", FailureKind.CONNECT_REFUSED);

        fixture.update(active("a"), active("b"), active("c"));

        assertThat(fixture.upstream("a").available()).isFalse();
    }

    @Test
    void aRefusalAfterTheNewsRestsAWholeSecondAgain() {
        fixture.update(active("a"), active("b"));
        fixture.fail("a", FailureKind.CONNECT_REFUSED);
        fixture.time.advance(Duration.ofMillis(900));
        fixture.update(renamed("a"), active("b"));
        fixture.fail("a restarted", FailureKind.CONNECT_REFUSED);

        fixture.time.advance(Duration.ofMillis(900));

        assertThat(fixture.upstream("a restarted").available()).isFalse();
    }

    @Test
    void anOpenCircuitHoldsBackUntilOneProbeSucceeds() {
        fixture.update(active("a"), active("b"));
        fixture.openCircuitOf("a");
        assertThat(fixture.upstream("a").holds()).containsExactly(HoldReason.CIRCUIT_OPEN);
        assertThat(fixture.inRotation()).containsExactly("b");

        fixture.time.advance(OPEN_FOR);
        var probe = fixture.acquire("a");
        assertThat(fixture.inRotation()).as("while the probe runs").containsExactly("b");
        probe.end(new Outcome.Success(1));

        assertThat(fixture.inRotation()).containsExactlyInAnyOrder("a", "b");
        assertThat(fixture.events)
                .containsExactly(
                        new BackendEvent.ModeChanged(Mode.EMPTY, Mode.NORMAL),
                        new BackendEvent.CircuitOpened(fixture.upstream("a"), FailureKind.STATUS_5XX, OPEN_FOR),
                        new BackendEvent.CircuitClosed(fixture.upstream("a")));
    }

    @Test
    void aFailedProbeKeepsItOutTwiceAsLong() {
        fixture.update(active("a"), active("b"));
        fixture.openCircuitOf("a");
        fixture.time.advance(OPEN_FOR);

        fixture.fail("a", FailureKind.TIMEOUT);

        fixture.time.advance(OPEN_FOR.multipliedBy(2).minusMillis(1));
        assertThat(fixture.inRotation()).containsExactly("b");
        fixture.time.advance(Duration.ofMillis(1));
        assertThat(fixture.upstream("a").available()).isTrue();
    }

    @Test
    void aCancelledProbeGivesTheNextRequestItsPlace() {
        fixture.update(active("a"), active("b"));
        fixture.openCircuitOf("a");
        fixture.time.advance(OPEN_FOR);

        fixture.acquire("a").end(new Outcome.Cancelled());

        assertThat(fixture.upstream("a").available()).isTrue();
        fixture.acquire("a").end(new Outcome.Success(1));
        assertThat(fixture.events).contains(new BackendEvent.CircuitClosed(fixture.upstream("a")));
    }

    @Test
    void theBreakerNeverHoldsTheLastUsableUpstream() {
        fixture.update(active("a"));

        fixture.openCircuitOf("a");
        fixture.openCircuitOf("a");

        assertThat(fixture.upstream("a").holds()).containsExactly(HoldReason.CIRCUIT_OPEN);
        assertThat(fixture.inRotation()).containsExactly("a");
        assertThat(backend.mode()).isEqualTo(Mode.PANIC);
        assertThat(backend.panics()).isEqualTo(200 + BackendFixture.FAILURES_TO_OPEN);
    }

    @Test
    void theOneHeldByItsBreakerAloneIsUsedBeforeThoseThatCannotBeReached() {
        fixture.update(active("a"), active("b"));
        fixture.openCircuitOf("a");

        fixture.fail("b", FailureKind.CONNECT_REFUSED);

        assertThat(fixture.inRotation()).containsExactly("a");
    }

    @Test
    void whileTheOnlyUpstreamProbesOthersStillGetThrough() {
        fixture.update(active("a"));
        fixture.openCircuitOf("a");
        fixture.time.advance(OPEN_FOR);
        assertThat(backend.mode()).isEqualTo(Mode.NORMAL);

        var probe = fixture.acquire("a");
        var other = fixture.acquire("a");

        assertThat(backend.mode()).isEqualTo(Mode.PANIC);
        other.end(new Outcome.Success(1));
        assertThat(fixture.upstream("a").available())
                .as("only the probe closes it")
                .isFalse();
        probe.end(new Outcome.Success(1));
        assertThat(fixture.upstream("a").available()).isTrue();
    }

    @Test
    void panicsOverAllWhenAllAreHeldBack() {
        fixture.update(active("a"), active("b"), active("c"));
        fixture.fail("a", FailureKind.CONNECT_REFUSED);
        fixture.fail("b", FailureKind.CONNECT_REFUSED);
        assertThat(backend.mode()).isEqualTo(Mode.NORMAL);

        fixture.fail("c", FailureKind.CONNECT_REFUSED);

        assertThat(backend.mode()).isEqualTo(Mode.PANIC);
        assertThat(fixture.inRotation()).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(backend.panics()).isEqualTo(200);
        fixture.time.advance(UNREACHABLE);
        assertThat(backend.mode()).isEqualTo(Mode.NORMAL);
    }

    @Test
    void panicDoesNotTouchDrainingOnes() {
        fixture.update(active("a"), draining("b"));

        fixture.fail("a", FailureKind.CONNECT_REFUSED);

        assertThat(fixture.inRotation()).containsExactly("a");
    }

    @Test
    void aFailedCheckTakesOutAndAPassedOneBringsBack() {
        var checked = new BackendFixture(true);
        checked.update(active("a"), active("b"));
        checked.ill.add("a");

        checked.time.advance(CHECK_INTERVAL);
        assertThat(checked.inRotation()).containsExactly("b");
        assertThat(checked.upstream("a").holds()).containsExactly(HoldReason.FAILED_CHECK);

        checked.ill.clear();
        checked.time.advance(CHECK_INTERVAL);
        assertThat(checked.inRotation()).containsExactlyInAnyOrder("a", "b");
        assertThat(checked.events)
                .contains(
                        new BackendEvent.CheckFailed(checked.upstream("a"), "the last check failed: ill"),
                        new BackendEvent.CheckPassed(checked.upstream("a")));
    }

    @Test
    void whoDrainsIsNotJudgedByChecksAnyMore() {
        var checked = new BackendFixture(true);
        checked.update(active("a"), active("b"));
        checked.ill.add("a");
        checked.time.advance(CHECK_INTERVAL);

        checked.update(draining("a"), draining("b"));

        assertThat(checked.upstream("a").holds()).containsExactly(HoldReason.DRAINING);
        assertThat(checked.inRotation()).containsExactlyInAnyOrder("a", "b");
        assertThat(checked.time.pending()).isZero();
    }

    @Test
    void amongDrainingOnesThoseThatRefuseRestToo() {
        fixture.update(draining("a"), draining("b"));

        fixture.fail("a", FailureKind.CONNECT_REFUSED);

        assertThat(fixture.inRotation()).containsExactly("b");
        assertThat(backend.mode()).isEqualTo(Mode.DRAINING);
    }

    private static Endpoint renamed(String name) {
        var endpoint = active(name);
        return Endpoint.active(endpoint.id(), name + " restarted");
    }
}
