package io.tickstorm.proxy.backend;

import static io.tickstorm.proxy.backend.BackendFixture.CHECK_INTERVAL;
import static io.tickstorm.proxy.backend.BackendFixture.active;
import static io.tickstorm.proxy.backend.BackendFixture.draining;
import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.breaker.OutlierEjectionSettings;
import io.tickstorm.proxy.endpoint.Condition;
import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.FailureKind;
import io.tickstorm.proxy.endpoint.HoldReason;
import io.tickstorm.proxy.endpoint.Upstream;
import io.tickstorm.proxy.retry.RetrySettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who gets work: discovery, zones, panic, and whoever does worse than its peers. */
class RotationTest {
    private static final long SEED = 88;

    private final BackendFixture fixture = new BackendFixture(false);
    private final BackendFixture checked = new BackendFixture(true);
    private final BackendFixture zoned =
            new BackendFixture(BackendFixture.settings(false, new RetrySettings.Budget(20, 1)), "z1");

    // Discovery

    @Test
    void whoIsNotReadyIsListedWithItsReasonAndGetsNothingEvenIfItIsAlone() {
        fixture.update(unready("a"));

        assertThat(fixture.backend.acquire(new Attempts())).isNull();
        assertThat(fixture.backend.mode()).isEqualTo(Mode.EMPTY);
        assertThat(fixture.upstream("a").reasons()).singleElement().satisfies(hold -> {
            assertThat(hold.reason()).isEqualTo(HoldReason.NOT_READY);
            assertThat(hold.detail()).isEqualTo("discovery says that it does not serve");
        });
    }

    @Test
    void whatRunsOnOneThatTurnsNotReadyMayFinish() {
        fixture.update(active("a"), active("b"));
        var running = fixture.acquire("a");

        fixture.update(unready("a"), active("b"));

        assertThat(fixture.inRotation()).containsExactly("b");
        running.end(new Outcome.Success(1));
        assertThat(fixture.upstream("a").inFlight()).isZero();
    }

    @Test
    void whoTurnsReadyAgainStartsWithoutWhatWasHeldAgainstIt() {
        fixture.update(active("a"), active("b"));
        fixture.openCircuitOf("a");
        fixture.update(unready("a"), active("b"));

        fixture.update(active("a"), active("b"));

        assertThat(fixture.upstream("a").reasons()).isEmpty();
        assertThat(fixture.upstream("a").tally().failures())
                .as("it is the same pod")
                .isPositive();
    }

    @Test
    void everyReasonTellsSinceWhenAndWhy() {
        checked.update(active("a"), active("b"));
        checked.ill.add("a");
        checked.time.advance(CHECK_INTERVAL);
        long since = checked.upstream("a").reasons().getFirst().sinceNanos();
        checked.time.advance(CHECK_INTERVAL);
        checked.update(active("a"), active("b"), active("c"));
        checked.backend.drain(checked.upstream("a").id());

        assertThat(checked.upstream("a").reasons())
                .extracting(hold -> hold.reason() + ": " + hold.detail())
                .containsExactly("FAILED_CHECK: the last check failed: ill", "DRAINING: drained by hand");
        assertThat(checked.upstream("a").reasons().getFirst().sinceNanos()).isEqualTo(since);
        assertThat(since).isPositive().isLessThanOrEqualTo(CHECK_INTERVAL.toNanos());
    }

    @Test
    void theBreakerTellsItsNumbers() {
        fixture.update(active("a"), active("b"));
        fixture.openCircuitOf("a");
        fixture.time.advance(BackendFixture.OPEN_FOR);
        fixture.fail("a", FailureKind.RESET);

        assertThat(fixture.upstream("a").reasons())
                .extracting(hold -> hold.reason() + ": " + hold.detail())
                .containsExactly("CIRCUIT_OPEN: 3 failures in a row, and 1 probes since");
    }

    // Zones

    @Test
    void withHintsOnAllWorkStaysWhereItIsHintedTo() {
        zoned.update(hinted("a", "z1"), hinted("b", "z2"), hinted("c", "z1"));

        assertThat(zoned.inRotation()).containsExactlyInAnyOrder("a", "c");
        assertThat(zoned.backend.mode()).isEqualTo(Mode.NORMAL);
    }

    @Test
    void hintsCountOnlyIfAllHaveOneAndOneIsForUs() {
        zoned.update(hinted("a", "z1"), hinted("b", "z2"), active("c"));
        assertThat(zoned.inRotation()).as("one without").hasSize(3);

        zoned.update(hinted("a", "z3"), hinted("b", "z2"));
        assertThat(zoned.inRotation()).as("none for us").hasSize(2);

        zoned.update(hinted("a", "z1"), hinted("b", "z2"), unready("c"));
        assertThat(zoned.inRotation()).as("who is not ready does not matter").containsExactly("a");
    }

    @Test
    void withoutAZoneOfOurOwnOrIfToldSoHintsAreNotHeeded() {
        fixture.update(hinted("a", "z1"), hinted("b", "z2"));

        assertThat(fixture.inRotation()).hasSize(2);
    }

    @Test
    void aZoneIsNoWallWhenItsUpstreamsAreIllOrTried() {
        zoned.update(hinted("a", "z1"), hinted("b", "z2"), hinted("c", "z1"));
        var attempts = new Attempts();
        var first = zoned.backend.acquire(attempts);
        var second = zoned.backend.acquire(attempts);
        var third = zoned.backend.acquire(attempts);
        assertThat(new Lease[] {first, second, third}).doesNotContainNull();
        assertThat(attempts.last()).isSameAs(zoned.upstream("b"));

        zoned.openCircuitOf("a");
        assertThat(zoned.inRotation()).containsExactly("c");
        zoned.openCircuitOf("c");
        assertThat(zoned.inRotation()).as("1 of 3 is well, which is panic").hasSize(3);
        assertThat(zoned.backend.mode()).isEqualTo(Mode.PANIC);
    }

    // Panic

    @Test
    void belowHalfOfThemAllGetWorkAndItIsCounted() {
        checked.update(active("a"), active("b"), active("c"), active("d"));
        checked.ill.add("a");
        checked.ill.add("b");
        checked.time.advance(CHECK_INTERVAL);
        assertThat(checked.inRotation()).as("half are well").containsExactlyInAnyOrder("c", "d");
        assertThat(checked.backend.panics()).isZero();

        checked.ill.add("c");
        checked.time.advance(CHECK_INTERVAL);

        assertThat(checked.backend.mode()).isEqualTo(Mode.PANIC);
        assertThat(checked.inRotation()).hasSize(4);
        assertThat(checked.backend.panics()).isEqualTo(200);
    }

    @Test
    void inPanicARetryGoesToOneThatIsWell() {
        checked.update(active("a"), active("b"), active("c"));
        checked.ill.add("a");
        checked.ill.add("b");
        checked.time.advance(CHECK_INTERVAL);
        assertThat(checked.backend.mode()).isEqualTo(Mode.PANIC);

        for (int i = 0; i < 100; i++) {
            var attempts = new Attempts();
            var first = checked.backend.acquire(attempts);
            assertThat(first).isNotNull();
            var second = checked.backend.acquire(attempts);
            assertThat(second).isNotNull();
            assertThat(Set.of(BackendFixture.name(first), BackendFixture.name(second)))
                    .contains("c");
            first.end(new Outcome.Cancelled());
            second.end(new Outcome.Cancelled());
        }
    }

    @Test
    void whoCannotBeReachedGetsNothingInPanicWhileAnotherIsThere() {
        fixture.update(active("a"), active("b"), active("c"));
        fixture.fail("a", FailureKind.CONNECT_REFUSED);
        fixture.fail("b", FailureKind.CONNECT_REFUSED);

        assertThat(fixture.inRotation()).containsExactly("c");
        fixture.openCircuitOf("c");
        assertThat(fixture.inRotation()).containsExactly("c");
        assertThat(fixture.backend.mode()).isEqualTo(Mode.PANIC);
        fixture.fail("c", FailureKind.CONNECT_REFUSED);
        assertThat(fixture.inRotation()).as("nobody else is there").hasSize(3);
    }

    // Beside its peers

    @Test
    void whoFailsHalfOfItsRequestsIsOutAfterTheInterval() {
        var ejecting = BackendFixture.ejecting();
        ejecting.update(active("a"), active("b"), active("c"));
        interval(ejecting);

        ejecting.time.advance(Duration.ofSeconds(10));

        assertThat(ejecting.upstream("a").reasons()).singleElement().satisfies(hold -> {
            assertThat(hold.reason()).isEqualTo(HoldReason.EJECTED);
            assertThat(hold.detail()).isEqualTo("50 % of its 40 attempts failed, of the others' 80 0 %");
        });
        assertThat(ejecting.inRotation()).containsExactlyInAnyOrder("b", "c");
    }

    @Test
    void itsTimeGrowsEachTimeAndShrinksWithEachGoodInterval() {
        var ejecting = BackendFixture.ejecting();
        ejecting.update(active("a"), active("b"), active("c"));
        for (int seconds : new int[] {10, 20, 30}) {
            interval(ejecting);
            ejecting.time.advance(Duration.ofSeconds(10));
            assertThat(ejecting.upstream("a").available()).isFalse();
            ejecting.time.advance(Duration.ofSeconds(seconds - 1));
            assertThat(ejecting.upstream("a").available())
                    .as("before " + seconds + " s")
                    .isFalse();
            ejecting.time.advance(Duration.ofSeconds(1 + seconds / 5));
            assertThat(ejecting.upstream("a").available()).isTrue();
            ejecting.acquire("a").end(new Outcome.Success(1));
        }
        for (int good = 0; good < 3; good++) {
            ejecting.acquire("a").end(new Outcome.Success(1));
            ejecting.time.advance(Duration.ofSeconds(10));
        }
        interval(ejecting);
        ejecting.time.advance(Duration.ofSeconds(10));
        assertThat(ejecting.upstream("a").available()).isFalse();
        ejecting.time.advance(Duration.ofSeconds(12));
        assertThat(ejecting.upstream("a").available())
                .as("after the first time again")
                .isTrue();
    }

    @Test
    void theBreakerAndTheEjectionBothShow() {
        var ejecting = BackendFixture.ejecting();
        ejecting.update(active("a"), active("b"), active("c"));
        interval(ejecting);
        var running = ejecting.acquire("a");
        var other = ejecting.acquire("a");
        var third = ejecting.acquire("a");
        ejecting.time.advance(Duration.ofSeconds(10));
        running.end(new Outcome.Failure(FailureKind.RESET));
        other.end(new Outcome.Failure(FailureKind.RESET));
        third.end(new Outcome.Failure(FailureKind.RESET));

        assertThat(ejecting.upstream("a").holds()).containsExactly(HoldReason.EJECTED, HoldReason.CIRCUIT_OPEN);
    }

    @Test
    void noTimerIsLeftWhenTheTrafficEnds() {
        var ejecting = BackendFixture.ejecting();
        ejecting.update(active("a"), active("b"));
        ejecting.acquire().end(new Outcome.Success(1));
        assertThat(ejecting.time.pending()).isOne();

        ejecting.time.advance(Duration.ofSeconds(10));

        assertThat(ejecting.time.pending()).isZero();
    }

    /**
     * Whatever discovery, failures and time do: while one is ACTIVE there is a lease to be had, nobody who is not ready ever
     * gets one, and work goes to those that are held back only in panic.
     */
    @Test
    void thereIsAlwaysALeaseWhileOneServes() {
        for (int run = 0; run < 60; run++) {
            var random = new Random(SEED + run);
            var tested = new BackendFixture(
                    BackendFixture.with(
                            BackendFixture.balancing(Duration.ofSeconds(3)), OutlierEjectionSettings.DEFAULT),
                    random.nextBoolean() ? "z1" : null);
            tested.update(endpoints(random));
            for (int step = 0; step < 400; step++) {
                var description = "seed " + (SEED + run) + ", step " + step;
                switch (random.nextInt(20)) {
                    case 0 -> tested.update(endpoints(random));
                    case 1 -> tested.time.advance(Duration.ofMillis(random.nextInt(15_000)));
                    default -> request(tested, random, description);
                }
            }
            tested.update();
            tested.backend.close();
            tested.time.advance(Duration.ofMinutes(10));
            assertThat(tested.time.pending()).as("seed " + (SEED + run)).isZero();
        }
    }

    private static void request(BackendFixture tested, Random random, String description) {
        var lease = tested.backend.acquire(new Attempts());
        boolean serves = tested.backend.upstreams().stream()
                .anyMatch(upstream -> upstream.endpoint().condition() != Condition.NOT_READY);
        assertThat(lease != null).as(description).isEqualTo(serves);
        if (lease == null) {
            return;
        }
        assertThat(lease.upstream().endpoint().condition()).as(description).isNotEqualTo(Condition.NOT_READY);
        lease.awaits();
        if (random.nextInt(5) == 0) {
            tested.time.advance(Duration.ofMillis(random.nextInt(3_000)));
        }
        boolean ill = lease.upstream().endpoint().name().equals("a");
        if (ill && random.nextInt(3) > 0) {
            lease.end(new Outcome.Failure(random.nextBoolean() ? FailureKind.STATUS_5XX : FailureKind.CONNECT_REFUSED));
        } else {
            lease.heard();
            lease.end(new Outcome.Success(1_000_000));
        }
        if (tested.backend.mode() == Mode.NORMAL) {
            assertThat(tested.backend.serving()).as(description).allMatch(Upstream::available);
        }
    }

    private static Endpoint[] endpoints(Random random) {
        var endpoints = new ArrayList<Endpoint>();
        for (var name : new String[] {"a", "b", "c", "d", "e"}) {
            var zone = random.nextBoolean() ? "z1" : "z2";
            switch (random.nextInt(6)) {
                case 0 -> {}
                case 1 -> endpoints.add(draining(name));
                case 2 -> endpoints.add(unready(name));
                default -> endpoints.add(hinted(name, zone));
            }
        }
        return endpoints.toArray(Endpoint[]::new);
    }

    /** Forty attempts on each; of those on a every second one fails, never three in a row. */
    private static void interval(BackendFixture backend) {
        for (int i = 0; i < 40; i++) {
            backend.acquire("a").end(i % 2 == 0 ? new Outcome.Success(1) : new Outcome.Failure(FailureKind.STATUS_5XX));
            backend.acquire("b").end(new Outcome.Success(1));
            backend.acquire("c").end(new Outcome.Success(1));
        }
    }

    private static Endpoint unready(String name) {
        return active(name).with(Condition.NOT_READY);
    }

    private static Endpoint hinted(String name, String... zones) {
        var endpoint = active(name);
        return new Endpoint(endpoint.id(), name, zones[0], 1, Condition.ACTIVE, null, Set.of(zones));
    }
}
