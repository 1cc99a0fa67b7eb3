package io.tickstorm.proxy.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.breaker.Admission;
import io.tickstorm.proxy.breaker.CircuitBreaker;
import io.tickstorm.proxy.breaker.CircuitBreakerSettings;
import io.tickstorm.proxy.breaker.Ejection;
import io.tickstorm.proxy.endpoint.EndpointSet;
import io.tickstorm.proxy.endpoint.FailureKind;
import io.tickstorm.proxy.endpoint.Upstream;
import io.tickstorm.proxy.retry.RetrySettings;
import io.tickstorm.proxy.retry.WireState;
import io.tickstorm.proxy.time.ManualTime;
import io.tickstorm.proxy.time.Randomness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What happens to the line at the same instant, again and again. */
class LineRaceTest {
    private static final int ROUNDS = 20_000;
    /** On a busy machine each round waits for the scheduler: then as many as fit in. */
    private static final Duration LONGEST = Duration.ofSeconds(4);

    private static final int WORKERS = 4;
    private static final int LIMIT = 2;
    private static final long SEED = 1124;
    private static final Outcome SUCCESS = new Outcome.Success(1);

    private final ManualTime time = new ManualTime();
    private final ExecutorService others = Executors.newFixedThreadPool(WORKERS);
    private final ConcurrentLinkedQueue<Queue<Lease>> leftOver = new ConcurrentLinkedQueue<>();
    private final long start = System.nanoTime();

    @AfterEach
    void stop() {
        others.close();
    }

    /**
     * The only lease ends while a request that has just been told that there is none enters the line. If the end looked at
     * the line before the request was in it, and the request looked at the upstream before the lease had ended, it would
     * wait for ever: nobody would come by again.
     */
    @Test
    void noWakeUpIsLost() throws Exception {
        var backend = backend(1, "a");
        for (int round = 0; round < ROUNDS && timeLeft(); round++) {
            var running = lease(backend);
            var granted = new AtomicReference<Lease>();

            Race.atOnce(others, () -> running.end(SUCCESS), () -> backend.await(new Attempts(), false, granted::set));

            assertThat(granted.get()).as("round %d", round).isNotNull();
            granted.get().end(SUCCESS);
        }
        assertIdle(backend);
    }

    /**
     * One thread serves: it has looked and found no room. Before it stops, another one makes room and wants to serve; it
     * sees that somebody does already, and goes. The first one has to look again.
     */
    @Test
    void roomThatIsMadeBetweenTheLastLookAndTheEndIsSeen() {
        var backend = backend(0, "a");
        var lease = new Lease(backend, member(), Admission.FREE, false, false);
        var looks = new AtomicInteger();
        var line = new AtomicReference<Line>();
        line.set(new Line(place -> {
            if (looks.getAndIncrement() > 0) {
                return lease;
            }
            line.get().serve(); // as the other thread does it, right after our look
            return Retry.Denied.NO_UPSTREAM;
        }));
        var granted = new AtomicReference<Lease>();

        line.get().enter(new Attempts(), false, granted::set, 1);

        assertThat(granted.get()).isSameAs(lease);
    }

    private Member member() {
        return new Member(
                new Upstream(BackendFixture.active("a")),
                time,
                new CircuitBreaker(CircuitBreakerSettings.DEFAULT),
                new Ejection(new Random(SEED)));
    }

    /**
     * The first in the line leaves at the moment at which it would be served. Either it has left, and the lease goes to the
     * second one; or it was served, and knows so. What must not be: a lease that nobody has, or one for somebody who left.
     */
    @Test
    void whoLeavesAtTheMomentOfItsTurnIsServedOrNot() throws Exception {
        var backend = backend(1, "a");
        int served = 0;
        int left = 0;
        for (int round = 0; round < ROUNDS && timeLeft(); round++) {
            var running = lease(backend);
            var first = new AtomicReference<Lease>();
            var second = new AtomicReference<Lease>();
            var place = backend.await(new Attempts(), false, first::set);
            backend.await(new Attempts(), false, second::set);
            assertThat(place).isNotNull();
            var leaving = new AtomicReference<Boolean>();

            Race.atOnce(others, () -> running.end(SUCCESS), () -> leaving.set(place.leave()));

            if (leaving.get()) {
                left++;
                assertThat(first.get()).as("round %d", round).isNull();
            } else {
                served++;
                first.get().end(SUCCESS);
            }
            assertThat(second.get()).as("round %d", round).isNotNull();
            second.get().end(SUCCESS);
        }
        assertIdle(backend);
        assertThat(served + left).isPositive();
    }

    /**
     * A retry runs on the budget's last place. It ends while another one is told that the budget is used up and enters the
     * line.
     */
    @Test
    void noBudgetThatIsGivenBackIsLost() throws Exception {
        var backend = backend(0, "a", "b");
        for (int round = 0; round < ROUNDS && timeLeft(); round++) {
            // What was paid in earlier rounds is long ago.
            time.advance(Duration.ofSeconds(5));
            var running = retry(backend, failed(backend));
            var attempts = failed(backend);
            var granted = new AtomicReference<Lease>();

            Race.atOnce(others, () -> ((Lease) running).end(SUCCESS), () -> {
                if (retry(backend, attempts) instanceof Lease lease) {
                    granted.set(lease);
                } else {
                    backend.await(attempts, true, granted::set);
                }
            });

            assertThat(granted.get()).as("round %d", round).isNotNull();
            granted.get().end(SUCCESS);
        }
        assertThat(backend.retries().budget().running()).isZero();
        assertIdle(backend);
    }

    /** Everybody comes, waits, leaves, fails and retries at once. */
    @Test
    void limitsHoldAndEverybodyIsServedWhateverHappensAtOnce() throws Exception {
        var backend = backend(LIMIT, "a", "b", "c");
        var taken = new LongAdder();
        var most = new AtomicInteger();
        var workers = new ArrayList<Future<?>>();
        for (int i = 0; i < WORKERS; i++) {
            var random = new Random(SEED + i);
            workers.add(others.submit(() -> work(backend, random, taken, most)));
        }
        for (var worker : workers) {
            worker.get();
        }

        assertThat(most.get()).as("seed %d", SEED).isBetween(1, LIMIT);
        assertThat(taken.sum())
                .isEqualTo(backend.upstreams().stream()
                        .mapToLong(upstream -> upstream.tally().requests())
                        .sum());
        assertIdle(backend);
    }

    private void work(Backend backend, Random random, LongAdder taken, AtomicInteger most) {
        var running = new ConcurrentLinkedQueue<Lease>();
        var waiting = new ArrayList<Place>();
        for (int turn = 0; turn < ROUNDS && timeLeft(); turn++) {
            var attempts = new Attempts();
            if (backend.acquire(attempts) instanceof Lease lease) {
                running.add(lease);
                taken.increment();
            } else {
                var place = backend.await(attempts, random.nextInt(4) == 0, lease -> {
                    taken.increment();
                    running.add(lease);
                });
                if (place != null) {
                    waiting.add(place);
                }
            }
            for (var upstream : backend.upstreams()) {
                most.accumulateAndGet(upstream.inFlight(), Math::max);
            }
            if (waiting.size() > 5) {
                waiting.remove(random.nextInt(waiting.size())).leave();
            }
            if (random.nextInt(3) > 0) {
                end(running.poll(), random);
            }
        }
        for (var place : waiting) {
            place.leave();
        }
        for (var lease = running.poll(); lease != null; lease = running.poll()) {
            end(lease, random);
        }
        // A lease may still be on its way here, from a thread that serves the line.
        leftOver.add(running);
    }

    private static void end(@Nullable Lease lease, Random random) {
        if (lease != null) {
            lease.end(random.nextBoolean() ? SUCCESS : new Outcome.Cancelled());
        }
    }

    private void assertIdle(Backend backend) {
        for (var leases : leftOver) {
            for (var lease = leases.poll(); lease != null; lease = leases.poll()) {
                lease.end(SUCCESS);
            }
        }
        assertThat(backend.queued()).isZero();
        assertThat(backend.inFlight()).isZero();
        assertThat(backend.retries().budget().running()).isZero();
    }

    private boolean timeLeft() {
        return System.nanoTime() - start < LONGEST.toNanos();
    }

    private static Lease lease(Backend backend) {
        var lease = backend.acquire(new Attempts());
        assertThat(lease).isNotNull();
        return lease;
    }

    private static Attempts failed(Backend backend) {
        var attempts = new Attempts();
        var lease = backend.acquire(attempts);
        assertThat(lease).isNotNull();
        lease.end(new Outcome.Failure(FailureKind.TIMEOUT));
        return attempts;
    }

    private static Retry retry(Backend backend, Attempts attempts) {
        return backend.retry(attempts, FailureKind.RESET, WireState.SENT, true, true);
    }

    /** Its budget pays for one retry at once. */
    private Backend backend(int limit, String... names) {
        var settings = BackendFixture.with(
                BackendFixture.settings(false, new RetrySettings.Budget(0, 1)),
                new LimitSettings(limit, 0, LimitSettings.NONE.queue()),
                null);
        var backend =
                new Backend("web", settings, null, time, time, Randomness.perThread(), (endpoint, check, result) -> {
                    throw new AssertionError("no checks are configured");
                });
        backend.update(
                new EndpointSet(Stream.of(names).map(BackendFixture::active).toList()));
        return backend;
    }
}
