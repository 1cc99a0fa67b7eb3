package io.tickstorm.operator.reconcile;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.tickstorm.operator.desired.Surroundings;
import io.tickstorm.operator.metricsapi.Registration;
import io.tickstorm.operator.metricsapi.Standing;
import io.tickstorm.operator.telemetry.Telemetry;
import io.tickstorm.proxy.time.Randomness;
import io.tickstorm.proxy.time.Timers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time during which this process leads: fresh informers, an empty queue, nothing remembered. What comes after a lost lease is a new one, so that a watch that went
 * deaf while the API server could not be reached does not outlive it.
 */
final class Reign implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Reign.class);
    /** A pass is a dozen small requests; what takes longer is left to the successor, whose applies are the same. */
    static final Duration LAST_PASS = Duration.ofSeconds(3);
    /** How long clusters wait to know whether connections are measured. */
    private static final Duration FIRST_LOOK = Duration.ofSeconds(5);

    /** Passes at a time: as many as keep an API server busy, and not so many that each waits for all others. */
    private static final int PASSES = 16;

    private final ExecutorService workers = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("reconcile-", 0).factory());
    private final Semaphore places = new Semaphore(PASSES);
    private final Telemetry telemetry;
    private final Timers timers;
    private final @Nullable Registration registration;
    private final Sight sight;
    private final SurroundingsWatch surroundings;
    private final SecretWatch secrets;
    private final ClusterMeters clusters;
    private final WorkQueue<ClusterKey> queue;

    Reign(
            KubernetesClient client,
            OperatorSettings settings,
            @Nullable Registration registration,
            Timers timers,
            InstantSource clock,
            ReconcileMeters meters) {
        this.timers = timers;
        this.registration = registration;
        sight = new Sight(client, settings.namespaces(), this::changed, this::respecified);
        surroundings =
                new SurroundingsWatch(client, timers, workers, () -> metrics().served(), this::surrounded);
        secrets = new SecretWatch(client, clock, this::changed);
        telemetry = Telemetry.overHttp(clock);
        clusters = meters.clusters();
        var reconciler = new Reconciler(
                client, sight, settings.defaults(), surroundings, telemetry, this::metrics, secrets, clusters, clock);
        queue = new WorkQueue<>(
                timers,
                this::work,
                new Backoff(Randomness.perThread()),
                key -> meters.timed(() -> reconciler.reconcile(key)));
    }

    /** What there is to work with is asked first, so that nothing is applied without it and once more with it. */
    void begin() {
        CompletableFuture.runAsync(this::register, workers)
                .completeOnTimeout(null, FIRST_LOOK.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((looked, failure) -> onWorker(() -> surroundings.begin(this::watch)));
    }

    private void watch() {
        sight.start().whenComplete((seen, failure) -> {
            if (failure == null) {
                log.info("leading: {} clusters", sight.clusters());
            } else if (!workers.isShutdown()) {
                log.error("cannot watch", failure);
            }
        });
    }

    int clusters() {
        return sight.clusters();
    }

    /** Stops looking, and waits a moment for passes that run. */
    @Override
    public void close() {
        queue.close();
        surroundings.close();
        workers.shutdown();
        sight.close();
        try {
            if (!workers.awaitTermination(LAST_PASS.toMillis(), TimeUnit.MILLISECONDS)) {
                workers.shutdownNow();
            }
        } catch (InterruptedException e) {
            workers.shutdownNow();
            Thread.currentThread().interrupt();
        } finally {
            secrets.close();
            clusters.close();
            telemetry.close();
        }
    }

    private void surrounded(Surroundings now) {
        sight.follow(now);
        sight.keys().forEach(queue::add);
    }

    private void register() {
        if (registration != null) {
            var again = registration.look();
            timers.after(again, () -> onWorker(this::register));
        }
    }

    private void onWorker(Runnable task) {
        try {
            workers.execute(task);
        } catch (RejectedExecutionException e) {
            log.debug("leading no more", e);
        }
    }

    private Standing metrics() {
        return registration == null ? Standing.OFF : registration.standing();
    }

    /** Runs a pass when there is a place for it. */
    private void work(Runnable pass) {
        workers.execute(() -> {
            try {
                places.acquire();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            try {
                pass.run();
            } finally {
                places.release();
            }
        });
    }

    private void changed(ClusterKey key) {
        queue.add(key);
    }

    private void respecified(ClusterKey key) {
        queue.addFresh(key);
    }
}
