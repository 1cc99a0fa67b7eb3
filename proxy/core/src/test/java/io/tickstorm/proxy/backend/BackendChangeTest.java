package io.tickstorm.proxy.backend;

import static io.tickstorm.proxy.backend.BackendFixture.active;
import static io.tickstorm.proxy.backend.BackendFixture.draining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tickstorm.proxy.backend.StickinessSettings.SameSite;
import io.tickstorm.proxy.balance.BalancingSettings;
import io.tickstorm.proxy.breaker.CircuitBreakerSettings;
import io.tickstorm.proxy.endpoint.HoldReason;
import io.tickstorm.proxy.endpoint.Upstream;
import io.tickstorm.proxy.health.HealthCheckSettings;
import io.tickstorm.proxy.health.Probe;
import io.tickstorm.proxy.retry.RetrySettings;
import java.time.Duration;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Other settings, and draining by hand, while work runs. */
class BackendChangeTest {
    private final BackendFixture fixture = new BackendFixture(false);
    private final Backend backend = fixture.backend;

    @Test
    void upstreamsAndAllThatIsKnownOfThemStay() {
        fixture.update(active("a"), active("b"), active("c"));
        var before = backend.upstreams();
        var running = fixture.acquire("a");
        fixture.openCircuitOf("b");

        backend.change(settings(BalancingSettings.Kind.ROUND_ROBIN, null, 0));

        assertThat(backend.upstreams()).isEqualTo(before);
        assertThat(fixture.upstream("a").inFlight()).isOne();
        assertThat(fixture.upstream("b").heldBy(HoldReason.CIRCUIT_OPEN)).isTrue();
        assertThat(fixture.inRotation()).containsExactlyInAnyOrder("a", "c");
        running.end(new Outcome.Success(1));
        assertThat(fixture.upstream("a").inFlight()).isZero();
    }

    @Test
    void retriesThatRunStayOnTheBudget() {
        fixture.update(active("a"), active("b"));
        backend.retries().budget().tryWithdraw();

        backend.change(settings(BalancingSettings.Kind.ROUND_ROBIN, null, 7));

        assertThat(backend.retries().budget().running()).isOne();
        assertThat(backend.retries().budget().allowed()).isEqualTo(7);
    }

    @Test
    void verdictsOfChecksHoldUntilTheFirstNewOne() {
        var checked = new BackendFixture(true);
        checked.update(active("a"), active("b"), active("c"));
        checked.ill.add("a");
        checked.time.advance(BackendFixture.CHECK_INTERVAL);
        assertThat(checked.upstream("a").heldBy(HoldReason.FAILED_CHECK)).isTrue();

        checked.ill.clear();
        checked.backend.change(settings(BalancingSettings.Kind.LEAST_CONNECTIONS, check(Duration.ofSeconds(20)), 1));
        assertThat(checked.upstream("a").heldBy(HoldReason.FAILED_CHECK)).isTrue();
        checked.time.advance(Duration.ofSeconds(20));

        assertThat(checked.backend.upstreams()).allMatch(Upstream::available);
    }

    @Test
    void checksGoOnIfTheirSettingsAreTheSame() {
        var checked = new BackendFixture(true);
        checked.update(active("a"), active("b"));
        checked.time.advance(BackendFixture.CHECK_INTERVAL);
        int timers = checked.time.pending();

        checked.backend.change(BackendFixture.with(
                BackendFixture.settings(true, new RetrySettings.Budget(20, 1)),
                new LimitSettings(7, 0, LimitSettings.NONE.queue()),
                null));

        assertThat(checked.time.pending()).isEqualTo(timers);
    }

    @Test
    void withoutChecksNobodyIsHeldByThem() {
        var checked = new BackendFixture(true);
        checked.update(active("a"), active("b"), active("c"));
        checked.ill.add("a");
        checked.time.advance(BackendFixture.CHECK_INTERVAL);

        checked.backend.change(settings(BalancingSettings.Kind.LEAST_CONNECTIONS, null, 1));

        assertThat(checked.inRotation()).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(checked.time.pending()).isZero();
    }

    @Test
    void whatCannotBeTakenOverChangesNothing() {
        fixture.update(active("a"), active("b"));
        var bad = BackendFixture.with(
                settings(BalancingSettings.Kind.ROUND_ROBIN, null, 9),
                LimitSettings.NONE,
                new StickinessSettings.Cookie("c", "/does/not/exist", Duration.ZERO, true, SameSite.LAX));

        assertThatThrownBy(() -> backend.change(bad)).hasMessageContaining("stickiness.secretFile");

        assertThat(backend.retries().budget().allowed()).isOne();
        assertThat(backend.stickyCookie()).isNull();
    }

    @Test
    void aDrainedUpstreamGetsNothingNewAndFinishesWhatRuns() {
        fixture.update(active("a"), active("b"));
        var told = new ArrayList<String>();
        backend.onRemoved(upstream -> told.add(upstream.endpoint().name()));
        var running = fixture.acquire("a");

        assertThat(backend.drain(active("a").id())).isTrue();
        assertThat(backend.drain(active("a").id())).as("again").isTrue();

        assertThat(fixture.inRotation()).containsExactly("b");
        assertThat(fixture.upstream("a").heldBy(HoldReason.DRAINING)).isTrue();
        assertThat(told).containsExactly("a");
        running.end(new Outcome.Success(1));
        assertThat(backend.resume(active("a").id())).isTrue();
        assertThat(fixture.inRotation()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void drainingByHandOutlivesNewsOfDiscoveryButNotTheUpstream() {
        fixture.update(active("a"), active("b"));
        backend.drain(active("a").id());

        fixture.update(draining("a"), active("b"));
        fixture.update(active("a"), active("b"), active("c"));
        assertThat(fixture.inRotation()).containsExactlyInAnyOrder("b", "c");

        fixture.update(active("b"));
        fixture.update(active("a"), active("b"));
        assertThat(fixture.inRotation()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void theLastOneServesThoughItIsDrained() {
        fixture.update(active("a"));
        backend.drain(active("a").id());

        assertThat(fixture.inRotation()).containsExactly("a");
        assertThat(backend.mode()).isEqualTo(Mode.DRAINING);
    }

    @Test
    void nobodyCanBeDrainedWhoIsNotThere() {
        assertThat(backend.drain(active("a").id())).isFalse();
        assertThat(backend.resume(active("a").id())).isFalse();
    }

    private static BackendSettings settings(
            BalancingSettings.Kind policy, @Nullable HealthCheckSettings check, int budget) {
        var old = BackendFixture.settings(false, new RetrySettings.Budget(0, budget));
        return new BackendSettings(
                new BalancingSettings(policy),
                check,
                old.retries(),
                new CircuitBreakerSettings(100, Duration.ofSeconds(1), Duration.ofSeconds(1)),
                old.outlierEjection());
    }

    private static HealthCheckSettings check(Duration interval) {
        return new HealthCheckSettings(Probe.Tcp.CONNECTION, 0, interval, interval, interval, 2, 2);
    }
}
