package io.tickstorm.proxy.backend;

import static io.tickstorm.proxy.backend.BackendFixture.active;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tickstorm.proxy.balance.BalancingSettings;
import io.tickstorm.proxy.balance.BalancingSettings.Kind;
import io.tickstorm.proxy.balance.SlowStartSettings;
import io.tickstorm.proxy.breaker.OutlierEjectionSettings;
import io.tickstorm.proxy.endpoint.Condition;
import io.tickstorm.proxy.endpoint.Upstream;
import io.tickstorm.proxy.retry.RetrySettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How upstreams that are new, or back, come up to their share. */
class SlowStartTest {
    private static final Duration WINDOW = Duration.ofSeconds(30);

    private final BackendFixture fixture = new BackendFixture(
            BackendFixture.with(BackendFixture.balancing(WINDOW), OutlierEjectionSettings.DEFAULT), null);

    @Test
    void theFirstSetIsWarm() {
        fixture.update(active("a"), active("b"));

        assertThat(fixture.backend.upstreams()).extracting(Upstream::warmth).containsOnly(1.0);
        assertThat(fixture.time.pending()).isZero();
    }

    @Test
    void aNewOneBeginsAtTheMinimumAndRampsUntilItIsWarm() {
        fixture.update(active("a"), active("b"));
        fixture.update(active("a"), active("b"), active("c"));

        var c = fixture.upstream("c");
        assertThat(c.warmth()).isEqualTo(0.1);
        fixture.time.advance(WINDOW.dividedBy(2));
        assertThat(c.warmth()).isCloseTo(0.5, within(0.04));
        assertThat(c.share()).isEqualTo(c.warmth());
        fixture.time.advance(WINDOW);
        assertThat(c.warmth()).isEqualTo(1);
        assertThat(fixture.time.pending()).as("timers once all are warm").isZero();
    }

    @Test
    void allNewOnesTogetherShareEvenlyAndNoneIsHeldBack() {
        fixture.update();
        fixture.update(active("a"), active("b"));
        fixture.time.advance(WINDOW.dividedBy(3));

        var leases = new ArrayList<Lease>();
        for (int i = 0; i < 50; i++) {
            leases.add(fixture.acquire());
        }

        assertThat(fixture.upstream("a").inFlight()).isEqualTo(25);
        assertThat(fixture.upstream("a").atCeiling()).isFalse();
        leases.forEach(lease -> lease.end(new Outcome.Cancelled()));
    }

    /** Ten requests at a time of which each one ends before the next begins; and no load at all. */
    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"CONSISTENT_HASH", "SOURCE_IP_HASH"},
            mode = EnumSource.Mode.EXCLUDE)
    void aWarmingOneGetsItsShareUnderEveryPolicyAlsoWhenAllAreIdle(Kind policy) {
        var balancing = new BalancingSettings(policy, null, new SlowStartSettings(WINDOW, 10), 50, true);
        var backend = new BackendFixture(BackendFixture.with(balancing, OutlierEjectionSettings.OFF), null);
        backend.update(active("a"), active("b"));
        backend.update(active("a"), active("b"), active("c"));
        backend.time.advance(WINDOW.dividedBy(2));

        var counts = new HashMap<String, Integer>();
        for (int i = 0; i < 5_000; i++) {
            var lease = backend.acquire();
            counts.merge(BackendFixture.name(lease), 1, Integer::sum);
            lease.end(new Outcome.Success(1_000_000));
        }

        // Half a share of two and a half.
        assertThat(counts.get("c")).as(policy + ": " + counts).isBetween(750, 1_400);
    }

    @Test
    void itRunsNoMoreAtOnceThanItsShareOfWhatItsWarmPeersRun() {
        fixture.update(active("a"), active("b"));
        var running = new ArrayList<Lease>();
        for (int i = 0; i < 40; i++) {
            running.add(fixture.acquire());
        }
        fixture.update(active("a"), active("b"), active("c"));
        fixture.time.advance(Duration.ofMillis(1_001));

        // 20 on each warm one, a tenth of that.
        running.add(fixture.acquire("c"));
        assertThat(fixture.upstream("c").atCeiling()).isFalse();
        running.add(fixture.acquire("c"));
        assertThat(fixture.upstream("c").atCeiling()).isTrue();
        for (int i = 0; i < 10; i++) {
            running.add(fixture.acquire());
        }
        assertThat(fixture.upstream("c").inFlight()).isEqualTo(2);
        fixture.time.advance(WINDOW);
        assertThat(fixture.upstream("c").atCeiling()).isFalse();
        running.forEach(lease -> lease.end(new Outcome.Cancelled()));
    }

    @Test
    void theCeilingNeverFailsARequestThatItCouldServe() {
        fixture.update(active("a"));
        fixture.update(active("a"), active("b"));
        fixture.update(active("a").with(Condition.NOT_READY), active("b"));

        var leases = List.of(fixture.acquire(), fixture.acquire(), fixture.acquire());

        assertThat(leases).extracting(BackendFixture::name).containsOnly("b");
    }

    @Test
    void whoPassesItsCheckAgainBeginsAgain() {
        var usual = BackendFixture.settings(true, new RetrySettings.Budget(20, 1));
        var checked = new BackendFixture(
                new BackendSettings(
                        BackendFixture.balancing(WINDOW),
                        usual.healthCheck(),
                        usual.retries(),
                        usual.circuitBreaker(),
                        OutlierEjectionSettings.OFF),
                null);
        checked.update(active("a"), active("b"));
        checked.ill.add("a");
        checked.time.advance(BackendFixture.CHECK_INTERVAL);
        assertThat(checked.upstream("a").warmth()).isEqualTo(1);

        checked.ill.clear();
        checked.time.advance(BackendFixture.CHECK_INTERVAL);

        assertThat(checked.upstream("a").available()).isTrue();
        assertThat(checked.upstream("a").warmth()).isLessThan(0.2);
    }

    @Test
    void whoTurnsReadyBeginsThen() {
        fixture.update(active("a"), active("b").with(Condition.NOT_READY));
        fixture.time.advance(WINDOW);

        fixture.update(active("a"), active("b"));

        assertThat(fixture.upstream("b").warmth()).isEqualTo(0.1);
    }

    @Test
    void aWindowOfZeroIsNoSlowStart() {
        var without = new BackendFixture(false);
        without.update(active("a"));
        without.update(active("a"), active("b"));

        assertThat(without.upstream("b").warmth()).isEqualTo(1);
        assertThat(without.time.pending()).isZero();
    }

    @Test
    void aWindowThatIsTakenAwayEndsItAtTheNextStep() {
        fixture.update(active("a"));
        fixture.update(active("a"), active("b"));

        fixture.backend.change(
                BackendFixture.with(BackendFixture.balancing(Duration.ZERO), OutlierEjectionSettings.DEFAULT));
        fixture.time.advance(Duration.ofMillis(1_001));

        assertThat(fixture.upstream("b").warmth()).isEqualTo(1);
        assertThat(fixture.time.pending()).isZero();
    }
}
