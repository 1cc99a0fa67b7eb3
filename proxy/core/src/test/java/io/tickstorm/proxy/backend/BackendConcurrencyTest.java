package io.tickstorm.proxy.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.balance.BalancingSettings;
import io.tickstorm.proxy.breaker.CircuitBreakerSettings;
import io.tickstorm.proxy.breaker.OutlierEjectionSettings;
import io.tickstorm.proxy.endpoint.Condition;
import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointId;
import io.tickstorm.proxy.endpoint.EndpointSet;
import io.tickstorm.proxy.endpoint.FailureKind;
import io.tickstorm.proxy.endpoint.Upstream;
import io.tickstorm.proxy.retry.RetrySettings;
import io.tickstorm.proxy.retry.WireState;
import io.tickstorm.proxy.time.ManualTime;
import io.tickstorm.proxy.time.Randomness;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Real threads take and end leases while another one changes the set and lets time pass. */
class BackendConcurrencyTest {
    private static final int WORKERS = 4;
    private static final int TURNS = 30_000;
    private static final long SEED = 2026;

    private final ManualTime time = new ManualTime();
    private final Backend backend = new Backend(
            "web",
            new BackendSettings(
                    BalancingSettings.DEFAULT,
                    null,
                    RetrySettings.DEFAULT,
                    new CircuitBreakerSettings(3, Duration.ofMillis(100), Duration.ofSeconds(1)),
                    OutlierEjectionSettings.DEFAULT),
            null,
            time,
            time,
            Randomness.perThread(),
            (endpoint, settings, result) -> {
                throw new AssertionError("no checks are configured");
            });

    @Test
    void countsAreExactWhateverHappensAtOnce() throws Exception {
        var seen = ConcurrentHashMap.<Upstream>newKeySet();
        backend.onRemoved(seen::add);
        backend.update(set(5));
        seen.addAll(backend.upstreams());
        var taken = new LongAdder();
        var failed = new LongAdder();
        var done = new AtomicBoolean();
        try (var pool = Executors.newFixedThreadPool(WORKERS + 1)) {
            var control = pool.submit(() -> churn(done, seen));
            var workers = new ArrayList<Future<?>>();
            for (int i = 0; i < WORKERS; i++) {
                var random = new Random(SEED + i);
                workers.add(pool.submit(() -> work(random, taken, failed)));
            }
            for (var worker : workers) {
                worker.get();
            }
            done.set(true);
            control.get();
        }

        assertThat(seen)
                .as("seed %d", SEED)
                .allSatisfy(upstream -> assertThat(upstream.inFlight()).isZero());
        assertThat(seen).extracting(upstream -> upstream.replies().awaited()).containsOnly(0L);
        assertThat(seen.stream()
                        .mapToLong(upstream -> upstream.tally().requests())
                        .sum())
                .isEqualTo(taken.sum());
        assertThat(seen.stream()
                        .mapToLong(upstream -> upstream.tally().failures())
                        .sum())
                .isEqualTo(failed.sum());
        assertThat(backend.retries().budget().running()).isZero();
        assertThat(taken.sum()).isPositive();
    }

    /** After all that, whoever is held back is so by a judge that still says so, and comes back with time. */
    @Test
    void nobodyStaysHeldBackForEver() throws Exception {
        backend.update(set(5));
        var ended = new LongAdder();
        try (var pool = Executors.newFixedThreadPool(WORKERS)) {
            var workers = new ArrayList<Future<?>>();
            for (int i = 0; i < WORKERS; i++) {
                var random = new Random(SEED + i);
                workers.add(pool.submit(() -> {
                    work(random, ended, ended);
                    time.advance(Duration.ofMillis(50));
                }));
            }
            for (var worker : workers) {
                worker.get();
            }
        }

        for (int i = 0; i < 10 && backend.upstreams().stream().anyMatch(upstream -> !upstream.available()); i++) {
            time.advance(Duration.ofSeconds(2));
            for (int turn = 0; turn < 100; turn++) {
                var lease = backend.acquire(new Attempts());
                assertThat(lease).isNotNull();
                lease.end(new Outcome.Success(1));
            }
        }

        assertThat(backend.upstreams()).hasSize(5).allMatch(Upstream::available);
        assertThat(backend.mode()).isEqualTo(Mode.NORMAL);
        time.advance(OutlierEjectionSettings.DEFAULT.interval());
        assertThat(time.pending()).isZero();
    }

    /** Takes up to eight leases at a time and ends them in the order in which they came, in all ways there are. */
    private void work(Random random, LongAdder taken, LongAdder failed) {
        var running = new ArrayDeque<Lease>();
        for (int turn = 0; turn < TURNS; turn++) {
            var attempts = new Attempts();
            @Nullable
            Retry taking = random.nextInt(10) == 0
                    ? backend.retry(attempts, FailureKind.RESET, WireState.SENT, true, true)
                    : backend.acquire(attempts);
            if (taking instanceof Lease lease) {
                taken.increment();
                if (random.nextBoolean()) {
                    lease.awaits();
                }
                running.add(lease);
            }
            if (running.size() > 8 || (!running.isEmpty() && random.nextInt(3) == 0)) {
                end(running.remove(), random, failed);
            }
        }
        running.forEach(lease -> end(lease, random, failed));
    }

    private static void end(Lease lease, Random random, LongAdder failed) {
        if (random.nextBoolean()) {
            lease.heard();
        }
        lease.end(outcome(random, failed));
    }

    private static Outcome outcome(Random random, LongAdder failed) {
        return switch (random.nextInt(6)) {
            case 0 -> new Outcome.Cancelled();
            case 1 -> {
                failed.increment();
                yield new Outcome.Failure(FailureKind.CONNECT_REFUSED);
            }
            case 2 -> {
                failed.increment();
                yield new Outcome.Failure(FailureKind.STATUS_5XX);
            }
            default -> new Outcome.Success(1);
        };
    }

    private void churn(AtomicBoolean done, Set<Upstream> seen) {
        for (int turn = 0; !done.get(); turn++) {
            backend.update(set(1 + turn % 7));
            seen.addAll(backend.upstreams());
            time.advance(Duration.ofMillis(10));
        }
    }

    /** Every third one drains. */
    private static EndpointSet set(int count) {
        return new EndpointSet(IntStream.range(0, count)
                .mapToObj(i -> Endpoint.active(new EndpointId("u" + i, "10.0.0." + i, 80), "u" + i)
                        .with(count > 5 && i % 3 == 2 ? Condition.DRAINING : Condition.ACTIVE))
                .toList());
    }
}
