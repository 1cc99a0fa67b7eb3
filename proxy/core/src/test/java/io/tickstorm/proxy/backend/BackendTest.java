package io.tickstorm.proxy.backend;

import static io.tickstorm.proxy.backend.BackendFixture.active;
import static io.tickstorm.proxy.backend.BackendFixture.draining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointId;
import io.tickstorm.proxy.endpoint.EndpointSet;
import io.tickstorm.proxy.endpoint.FailureKind;
import io.tickstorm.proxy.endpoint.Upstream;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class BackendTest {
    private final BackendFixture fixture = new BackendFixture(false);
    private final Backend backend = fixture.backend;

    @Test
    void hasNothingToGiveBeforeDiscoverySpoke() {
        assertThat(backend.discovered()).isFalse();
        assertThat(backend.acquire(new Attempts())).isNull();
        assertThat(backend.mode()).isEqualTo(Mode.EMPTY);

        fixture.update();
        assertThat(backend.discovered()).isTrue();
        assertThat(backend.acquire(new Attempts())).isNull();
    }

    @Test
    void aLeaseCountsAsInFlightUntilItEnds() {
        fixture.update(active("a"), active("b"));

        var first = fixture.acquire();
        var second = fixture.acquire();

        // Least connections: the second one goes to the idle upstream.
        assertThat(first.upstream()).isNotSameAs(second.upstream());
        assertThat(backend.inFlight()).isEqualTo(2);
        first.end(new Outcome.Success(1));
        second.end(new Outcome.Failure(FailureKind.RESET));
        assertThat(backend.inFlight()).isZero();
        assertThat(first.upstream().tally().requests()).isOne();
        assertThat(first.upstream().tally().failures()).isZero();
        assertThat(second.upstream().tally().failures()).isOne();
    }

    @Test
    void endingALeaseTwiceIsAMistakeAndCountsOnce() {
        fixture.update(active("a"));
        var lease = fixture.acquire();
        var other = fixture.acquire();

        lease.end(new Outcome.Success(1));

        assertThatIllegalStateException()
                .isThrownBy(() -> lease.end(new Outcome.Cancelled()))
                .withMessageContaining("a (10.0.0.1:80) ended twice");
        assertThat(backend.inFlight()).isOne();
        other.end(new Outcome.Cancelled());
    }

    @Test
    void anUpstreamIsKeptForAsLongAsItsIdIsNamed() {
        fixture.update(active("a"), active("b"));
        var a = fixture.upstream("a");
        fixture.acquire("a");

        fixture.update(active("c"), active("a"));

        assertThat(fixture.upstream("a")).isSameAs(a);
        assertThat(a.inFlight()).isOne();
        assertThat(backend.upstreams())
                .extracting(upstream -> upstream.endpoint().name())
                .containsExactly("c", "a");
    }

    @Test
    void aNewPodOnTheOldAddressInheritsNothing() {
        fixture.update(active("a"));
        var old = fixture.upstream("a");
        fixture.openCircuitOf("a");
        fixture.fail("a", FailureKind.CONNECT_REFUSED);

        var successor = Endpoint.active(
                new EndpointId("uid-new", old.id().host(), old.id().port()), "a2");
        backend.update(EndpointSet.of(successor));

        var fresh = fixture.upstream("a2");
        assertThat(fresh).isNotSameAs(old);
        assertThat(fresh.available()).isTrue();
        assertThat(fresh.tally().requests()).isZero();
        assertThat(old.removed()).isTrue();
        assertThat(fixture.time.pending()).as("timers left of the old one").isZero();
    }

    @Test
    void anEndpointThatComesBackStartsAfresh() {
        fixture.update(active("a"));
        var before = fixture.upstream("a");
        var running = fixture.acquire("a");

        fixture.update();
        fixture.update(active("a"));

        assertThat(fixture.upstream("a")).isNotSameAs(before);
        assertThat(fixture.upstream("a").inFlight()).isZero();
        running.end(new Outcome.Success(1));
        assertThat(before.inFlight()).isZero();
        assertThat(fixture.upstream("a").inFlight()).isZero();
    }

    @Test
    void drainingGetsNoNewWorkFromTheMomentOfTheUpdateAndItsWorkGoesOn() {
        fixture.update(active("a"), active("b"));
        var running = fixture.acquire("a");

        fixture.update(draining("a"), active("b"));

        assertThat(fixture.inRotation()).containsExactly("b");
        assertThat(running.upstream().inFlight()).isOne();
        assertThat(running.upstream().removed()).isFalse();
        running.end(new Outcome.Success(1));
        assertThat(running.upstream().inFlight()).isZero();
    }

    @Test
    void drainingIsUsedIfNoActiveOneIsThere() {
        fixture.update(active("a"));

        fixture.update(draining("a"), draining("b"));

        assertThat(fixture.inRotation()).containsExactlyInAnyOrder("a", "b");
        assertThat(backend.mode()).isEqualTo(Mode.DRAINING);

        fixture.update(draining("a"), draining("b"), active("c"));
        assertThat(fixture.inRotation()).containsExactly("c");
        assertThat(fixture.events)
                .containsExactly(
                        new BackendEvent.ModeChanged(Mode.EMPTY, Mode.NORMAL),
                        new BackendEvent.ModeChanged(Mode.NORMAL, Mode.DRAINING),
                        new BackendEvent.ModeChanged(Mode.DRAINING, Mode.NORMAL));
    }

    @Test
    void tellsPoolsOfUpstreamsThatDrainOrLeaveAfterTheyGotTheirLastWork() {
        var told = new ArrayList<String>();
        backend.onRemoved(upstream -> told.add(describe(upstream) + ", rotation " + fixture.inRotation()));
        fixture.update(active("a"), active("b"), active("c"));

        fixture.update(draining("a"), active("b"));
        fixture.update(draining("a"), active("b"));
        fixture.update(active("b"));

        assertThat(told)
                .containsExactly("a drains, rotation [b]", "c is gone, rotation [b]", "a is gone, rotation [b]");
    }

    @Test
    void aRequestGoesElsewhereWhileThereIsAnywhereElse() {
        fixture.update(active("a"), active("b"), active("c"));
        var attempts = new Attempts();
        var tried = new ArrayList<Upstream>();

        for (int i = 0; i < 3; i++) {
            var lease = backend.acquire(attempts);
            assertThat(lease).isNotNull();
            tried.add(lease.upstream());
            lease.end(new Outcome.Failure(FailureKind.RESET));
        }

        assertThat(tried).doesNotHaveDuplicates();
        assertThat(attempts.made()).isEqualTo(3);
        assertThat(attempts.last()).isSameAs(tried.getLast());
        var again = backend.acquire(attempts);
        assertThat(again).isNotNull();
        assertThat(tried).contains(again.upstream());
        assertThat(again.upstream().tally().retries()).isPositive();
    }

    @Test
    void closingLeavesNoTimer() {
        var checked = new BackendFixture(true);
        checked.update(active("a"), active("b"));
        checked.openCircuitOf("a");
        checked.fail("b", FailureKind.CONNECT_REFUSED);

        checked.backend.close();

        assertThat(checked.time.pending()).isZero();
    }

    private static String describe(Upstream upstream) {
        return upstream.endpoint().name() + (upstream.removed() ? " is gone" : " drains");
    }
}
