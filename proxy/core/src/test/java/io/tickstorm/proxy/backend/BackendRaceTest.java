package io.tickstorm.proxy.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.balance.BalancingSettings;
import io.tickstorm.proxy.breaker.CircuitBreakerSettings;
import io.tickstorm.proxy.breaker.OutlierEjectionSettings;
import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointId;
import io.tickstorm.proxy.endpoint.EndpointSet;
import io.tickstorm.proxy.endpoint.FailureKind;
import io.tickstorm.proxy.endpoint.HoldReason;
import io.tickstorm.proxy.endpoint.Upstream;
import io.tickstorm.proxy.retry.RetrySettings;
import io.tickstorm.proxy.time.ManualTime;
import io.tickstorm.proxy.time.Randomness;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two threads that change something at the same instant, again and again. */
class BackendRaceTest {
    /** Three seconds' worth on two idle cores; without the care these tests are for, one in some thousands fails. */
    private static final int ROUNDS = 20_000;
    /** On a busy machine each round waits for the scheduler: then as many as fit in. */
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private static final Duration OPEN_FOR = Duration.ofSeconds(1);

    private final ManualTime time = new ManualTime();
    private final Queue<BackendEvent> events = new ConcurrentLinkedQueue<>();
    private final ExecutorService other = Executors.newSingleThreadExecutor();
    private final long start = System.nanoTime();

    @AfterEach
    void stop() {
        other.close();
    }

    /**
     * A and B both become unreachable. Each thread works out a rotation, maybe without having seen what the other one
     * did. If the later one to publish were the one that saw less, work would go on to an upstream that is held back.
     */
    @Test
    void neitherOfTwoChangesAtOnceIsLostFromTheRotation() throws Exception {
        var backend = backend(0, "a", "b", "c");
        var c = backend.upstreams().get(2);
        // Busy, so that whoever else is in the rotation is chosen before it.
        var busy = on(backend, c);

        for (int round = 0; round < ROUNDS && timeLeft(); round++) {
            var a = on(backend, backend.upstreams().get(0));
            var b = on(backend, backend.upstreams().get(1));
            Race.atOnce(
                    other,
                    () -> a.end(new Outcome.Failure(FailureKind.CONNECT_REFUSED)),
                    () -> b.end(new Outcome.Failure(FailureKind.CONNECT_REFUSED)));

            var next = backend.acquire(new Attempts());
            assertThat(next).isNotNull();
            assertThat(next.upstream()).as("round %d", round).isSameAs(c);
            next.end(new Outcome.Cancelled());
            time.advance(Duration.ofSeconds(1));
        }
        busy.end(new Outcome.Cancelled());
    }

    /**
     * A probe closes the breaker while an attempt from before fails, and one failure is enough to open it. Both threads
     * copy the breaker's state to the upstream; the older copy must not be the one that stays.
     */
    @Test
    void whatAnUpstreamShowsIsWhatItsBreakerSaysInTheEnd() throws Exception {
        var backend = backend(1, "a", "b");
        var a = backend.upstreams().get(0);

        for (int round = 0; round < ROUNDS && timeLeft(); round++) {
            var old = on(backend, a);
            on(backend, a).end(new Outcome.Failure(FailureKind.RESET));
            time.advance(OPEN_FOR);
            var probe = on(backend, a);
            events.clear();
            Race.atOnce(
                    other,
                    () -> probe.end(new Outcome.Success(1)),
                    () -> old.end(new Outcome.Failure(FailureKind.RESET)));

            boolean open = events.stream().anyMatch(BackendEvent.CircuitOpened.class::isInstance);
            assertThat(a.heldBy(HoldReason.CIRCUIT_OPEN)).as("round %d", round).isEqualTo(open);
            close(backend, a);
        }
    }

    private boolean timeLeft() {
        return System.nanoTime() - start < LONGEST.toNanos();
    }

    private void close(Backend backend, Upstream upstream) {
        if (!upstream.available()) {
            time.advance(OPEN_FOR);
            on(backend, upstream).end(new Outcome.Success(1));
        }
        assertThat(upstream.available()).isTrue();
    }

    private static Lease on(Backend backend, Upstream wanted) {
        var attempts = new Attempts();
        backend.upstreams().stream().filter(upstream -> upstream != wanted).forEach(attempts::add);
        var lease = backend.acquire(attempts);
        assertThat(lease).isNotNull();
        assertThat(lease.upstream()).isSameAs(wanted);
        return lease;
    }

    private Backend backend(int failuresToOpen, String... names) {
        var settings = new BackendSettings(
                BalancingSettings.DEFAULT,
                null,
                RetrySettings.DEFAULT,
                new CircuitBreakerSettings(failuresToOpen, OPEN_FOR, OPEN_FOR),
                OutlierEjectionSettings.OFF);
        var backend =
                new Backend("web", settings, null, time, time, Randomness.perThread(), (endpoint, check, result) -> {
                    throw new AssertionError("no checks are configured");
                });
        backend.onEvent(events::add);
        backend.update(new EndpointSet(Stream.of(names)
                .map(name -> Endpoint.active(new EndpointId(name, "10.0.0.1", 80), name))
                .toList()));
        return backend;
    }
}
