package io.tickstorm.operator.reconcile;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.micrometer.core.instrument.MeterRegistry;
import io.tickstorm.operator.metricsapi.Registration;
import io.tickstorm.proxy.time.Timers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator of a process: waits for the lease, then looks after the clusters until it loses the lease or is closed.
 *
 * <p>A lost lease does not end the process; it waits for the next one. Whoever leads begins and ends its {@link Reign} on one thread of its own, because the election's
 * thread has to renew the lease in the meantime.
 */
public final class Operator implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Operator.class);

    static final String LEASE = "tickstorm-operator";
    // The numbers of client-go: a leader gives up 5 s before another one may take over.
    static final Duration LEASE_TIME = Duration.ofSeconds(15);
    private static final Duration RENEW_DEADLINE = Duration.ofSeconds(10);
    private static final Duration RETRY_PERIOD = Duration.ofSeconds(2);
    /** The last passes, 3 s, and as much again to release the lease; together below the 10 s that docker stop waits. */
    private static final Duration CLOSING = Reign.LAST_PASS.multipliedBy(2);

    private final KubernetesClient client;
    private final OperatorSettings settings;
    private final @Nullable Registration registration;
    private final ReconcileMeters meters;
    private final ScheduledThreadPoolExecutor scheduler;
    private final ExecutorService throne = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("throne-", 0).factory());

    private volatile @Nullable Reign reign;
    private volatile @Nullable LeaderElector elector;
    private volatile @Nullable CompletableFuture<?> candidacy;
    private volatile boolean closed;

    /** Without metrics of its own for autoscalers. */
    public Operator(KubernetesClient client, OperatorSettings settings, MeterRegistry registry) {
        this(client, settings, null, registry);
    }

    /** @param registration of the metrics for autoscalers, which the one that leads sees to; null = none are served */
    public Operator(
            KubernetesClient client,
            OperatorSettings settings,
            @Nullable Registration registration,
            MeterRegistry registry) {
        this.registration = registration;
        this.client = client;
        this.settings = settings;
        this.meters = new ReconcileMeters(registry);
        scheduler = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("operator-timers").daemon().factory());
        scheduler.setRemoveOnCancelPolicy(true);
        ReconcileMeters.bind(this, registry);
    }

    /** Returns at once; does not wait for the lease. */
    public void start() {
        if (settings.leaderElection()) {
            scheduler.execute(this::stand);
        } else {
            throne.execute(this::lead);
        }
    }

    public boolean leading() {
        return reign != null;
    }

    /** How many clusters are looked after; 0 while waiting for the lease. */
    public int clusters() {
        var current = reign;
        return current == null ? 0 : current.clusters();
    }

    /**
     * Ends what runs, then releases the lease, so that another process leads at once. Blocks for 6 s at most, whatever the API server does: what has not ended by then is
     * interrupted, and the lease runs out by itself.
     */
    @Override
    public void close() {
        closed = true;
        // A thread of its own, because calls to an API server that does not answer are repeated for longer than anybody
        // waits for us.
        var ending = Thread.ofVirtual().name("operator-end").start(this::end);
        try {
            if (!ending.join(CLOSING)) {
                log.warn("not ended in order after {} s, the lease is left to run out", CLOSING.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ending.interrupt();
            throne.shutdownNow();
            scheduler.shutdownNow();
        }
    }

    private void end() {
        try {
            throne.submit(this::follow).get();
        } catch (InterruptedException e) {
            // Too late for the lease: close() has stopped waiting.
            return;
        } catch (ExecutionException e) {
            log.warn("not ended in order", e.getCause());
        }
        var standing = candidacy;
        if (standing != null) {
            standing.cancel(true);
        }
        var elected = elector;
        if (elected != null) {
            elected.release();
        }
    }

    private void stand() {
        if (closed) {
            return;
        }
        var config = new LeaderElectionConfigBuilder()
                .withName(LEASE)
                .withLock(new LeaseLock(LeaseOwner.lease(client, settings), settings.identity()))
                .withLeaseDuration(LEASE_TIME)
                .withRenewDeadline(RENEW_DEADLINE)
                .withRetryPeriod(RETRY_PERIOD)
                .withReleaseOnCancel(true)
                .withLeaderCallbacks(new LeaderCallbacks(
                        () -> onThrone(this::lead),
                        () -> onThrone(this::follow),
                        leader -> log.info("leader: {}", leader)))
                .build();
        var standing = impatient().leaderElector().withConfig(config).build();
        elector = standing;
        var running = standing.start();
        candidacy = running;
        running.whenComplete((lost, failure) -> standAgain(failure));
    }

    /** A call that would be repeated, or waited for, beyond the deadline keeps a leader in office whose lease has run out. */
    private KubernetesClient impatient() {
        var once = new RequestConfigBuilder(client.getConfiguration().getRequestConfig())
                .withRequestTimeout((int) RENEW_DEADLINE.dividedBy(2).toMillis())
                .withRequestRetryBackoffLimit(0)
                .build();
        return client.newClient(once).adapt(KubernetesClient.class);
    }

    private void standAgain(@Nullable Throwable failure) {
        if (closed) {
            return;
        }
        log.warn("lease lost or not to be had, standing again{}", failure == null ? "" : ": " + failure);
        onThrone(this::follow);
        scheduler.schedule(this::stand, RETRY_PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void onThrone(Runnable step) {
        if (!throne.isShutdown()) {
            throne.execute(step);
        }
    }

    private void lead() {
        if (closed || reign != null) {
            return;
        }
        var begun = new Reign(client, settings, registration, timers(), InstantSource.system(), meters);
        reign = begun;
        begun.begin();
    }

    private void follow() {
        var ended = reign;
        if (ended != null) {
            reign = null;
            ended.close();
            log.info("leading no more");
        }
    }

    private Timers timers() {
        return (delay, task) -> {
            var scheduled = scheduler.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> scheduled.cancel(false);
        };
    }
}
