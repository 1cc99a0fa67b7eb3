package io.tickstorm.proxy.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.balance.BalancingSettings;
import io.tickstorm.proxy.balance.SlowStartSettings;
import io.tickstorm.proxy.breaker.CircuitBreakerSettings;
import io.tickstorm.proxy.breaker.OutlierEjectionSettings;
import io.tickstorm.proxy.endpoint.Condition;
import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointId;
import io.tickstorm.proxy.endpoint.EndpointSet;
import io.tickstorm.proxy.endpoint.FailureKind;
import io.tickstorm.proxy.endpoint.Upstream;
import io.tickstorm.proxy.health.HealthCheckSettings;
import io.tickstorm.proxy.health.Probe;
import io.tickstorm.proxy.health.ProbeResult;
import io.tickstorm.proxy.retry.RetrySettings;
import io.tickstorm.proxy.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A backend in virtual time, and words for what happens to it. */
final class BackendFixture {
    static final Duration OPEN_FOR = Duration.ofSeconds(10);
    static final int FAILURES_TO_OPEN = 3;
    static final Duration CHECK_INTERVAL = Duration.ofSeconds(3);
    private static final long SEED = 99;

    final ManualTime time = new ManualTime();
    final List<BackendEvent> events = new ArrayList<>();
    /** Names of endpoints whose checks fail. */
    final Set<String> ill = new HashSet<>();

    final Backend backend;

    /** Without slow start and ejection, so that nothing but what a test does moves anything. */
    BackendFixture(boolean checked) {
        this(settings(checked, new RetrySettings.Budget(20, 1)), null);
    }

    BackendFixture(BackendSettings settings, @Nullable String zone) {
        backend = new Backend(
                "web",
                settings,
                zone,
                time,
                time,
                new Random(SEED),
                (endpoint, check2, result) -> result.accept(
                        ill.contains(endpoint.name()) ? new ProbeResult.Failed("ill") : new ProbeResult.Passed()));
        backend.onEvent(events::add);
    }

    static BackendFixture withBudget(RetrySettings.Budget budget) {
        return new BackendFixture(settings(false, budget), null);
    }

    static BackendFixture with(LimitSettings limits) {
        return new BackendFixture(limited(limits), null);
    }

    static BackendSettings limited(LimitSettings limits) {
        return with(settings(false, new RetrySettings.Budget(20, 1)), limits, null);
    }

    static BackendSettings with(
            BackendSettings settings, LimitSettings limits, @Nullable StickinessSettings stickiness) {
        return new BackendSettings(
                settings.balancing(),
                settings.healthCheck(),
                settings.retries(),
                settings.circuitBreaker(),
                settings.outlierEjection(),
                limits,
                stickiness);
    }

    /** As {@link #BackendFixture(boolean)}, with ejection as it is by default. */
    static BackendFixture ejecting() {
        return new BackendFixture(with(balancing(Duration.ZERO), OutlierEjectionSettings.DEFAULT), null);
    }

    static BackendSettings with(BalancingSettings balancing, OutlierEjectionSettings ejection) {
        var usual = settings(false, new RetrySettings.Budget(20, 1));
        return new BackendSettings(
                balancing,
                usual.healthCheck(),
                usual.retries(),
                usual.circuitBreaker(),
                ejection,
                usual.limits(),
                usual.stickiness());
    }

    static BackendSettings settings(boolean checked, RetrySettings.Budget budget) {
        var check =
                new HealthCheckSettings(Probe.Tcp.CONNECTION, 0, CHECK_INTERVAL, CHECK_INTERVAL, CHECK_INTERVAL, 1, 1);
        return new BackendSettings(
                balancing(Duration.ZERO),
                checked ? check : null,
                new RetrySettings(2, budget, 0),
                new CircuitBreakerSettings(FAILURES_TO_OPEN, OPEN_FOR, Duration.ofMinutes(5)),
                OutlierEjectionSettings.OFF);
    }

    static BalancingSettings balancing(Duration slowStart) {
        return new BalancingSettings(
                BalancingSettings.Kind.LEAST_CONNECTIONS, null, new SlowStartSettings(slowStart, 10), 50, true);
    }

    static Endpoint active(String name) {
        return Endpoint.active(new EndpointId("uid-" + name, "10.0.0." + (name.charAt(0) - 'a' + 1), 80), name);
    }

    static Endpoint draining(String name) {
        return active(name).with(Condition.DRAINING);
    }

    void update(Endpoint... endpoints) {
        backend.update(EndpointSet.of(endpoints));
    }

    Upstream upstream(String name) {
        return backend.upstreams().stream()
                .filter(upstream -> upstream.endpoint().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** An attempt of its own on whichever upstream it gets; there must be one. */
    Lease acquire() {
        var lease = backend.acquire(new Attempts());
        assertThat(lease).isNotNull();
        return lease;
    }

    /** An attempt of its own that gets this upstream, by excluding all others. */
    Lease acquire(String name) {
        var attempts = new Attempts();
        backend.upstreams().stream()
                .filter(upstream -> !upstream.endpoint().name().equals(name))
                .forEach(attempts::add);
        var lease = backend.acquire(attempts);
        assertThat(lease).isNotNull();
        assertThat(name(lease)).isEqualTo(name);
        return lease;
    }

    /** Which upstreams get work now: tries often enough to see all. */
    Set<String> inRotation() {
        var names = new HashSet<String>();
        for (int i = 0; i < 200; i++) {
            var lease = backend.acquire(new Attempts());
            if (lease != null) {
                names.add(name(lease));
                lease.end(new Outcome.Cancelled());
            }
        }
        return names;
    }

    void fail(String name, FailureKind kind) {
        acquire(name).end(new Outcome.Failure(kind));
    }

    void openCircuitOf(String name) {
        for (int i = 0; i < FAILURES_TO_OPEN; i++) {
            fail(name, FailureKind.STATUS_5XX);
        }
    }

    static String name(Lease lease) {
        return lease.upstream().endpoint().name();
    }
}
