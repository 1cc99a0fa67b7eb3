package io.tickstorm.operator.reconcile;

import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tickstorm.operator.desired.Monitors;
import io.tickstorm.operator.desired.Surroundings;
import io.tickstorm.proxy.time.Timers;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the API server once a minute what it offers beside plain Kubernetes, and tells when that has changed. What cannot be asked stays as it was known. Thread-safe once
 * begun.
 */
final class SurroundingsWatch implements Supplier<Surroundings>, AutoCloseable {
    static final Duration INTERVAL = Duration.ofMinutes(1);
    static final Duration RETRY = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(SurroundingsWatch.class);

    private final KubernetesClient client;
    private final Timers timers;
    private final Executor executor;
    private final BooleanSupplier connectionMetrics;
    private final Consumer<Surroundings> changed;

    private volatile Surroundings known = Surroundings.NONE;
    private volatile Timers.@Nullable Timer next;
    private volatile boolean closed;

    /**
     * @param connectionMetrics whether the operator serves the connections of pods
     * @param changed told what there is now, on a thread that may block
     */
    SurroundingsWatch(
            KubernetesClient client,
            Timers timers,
            Executor executor,
            BooleanSupplier connectionMetrics,
            Consumer<Surroundings> changed) {
        this.client = client;
        this.timers = timers;
        this.executor = executor;
        this.connectionMetrics = connectionMetrics;
        this.changed = changed;
    }

    /**
     * Asks for the first time; blocks.
     *
     * @param answered run once the API server has answered, be it now or, if it cannot be reached, later
     */
    void begin(Runnable answered) {
        look(answered);
    }

    @Override
    public Surroundings get() {
        return known;
    }

    @Override
    public void close() {
        closed = true;
        var waiting = next;
        if (waiting != null) {
            waiting.cancel();
        }
    }

    private void look(@Nullable Runnable answered) {
        var before = known;
        try {
            known = ask(before);
        } catch (KubernetesClientException e) {
            log.warn("cannot ask what there is beside plain Kubernetes, trying again: {}", e.getMessage());
            again(answered == null ? INTERVAL : RETRY, answered);
            return;
        }
        if (!known.equals(before)) {
            log.info("beside plain Kubernetes there is: {}", known);
            changed.accept(known);
        }
        if (answered != null) {
            answered.run();
        }
        again(INTERVAL, null);
    }

    private void again(Duration delay, @Nullable Runnable answered) {
        if (!closed) {
            // not on the thread of the timers, which must not wait for an API server
            next = timers.after(delay, () -> elsewhere(() -> look(answered)));
        }
    }

    private void elsewhere(Runnable look) {
        try {
            executor.execute(look);
        } catch (RejectedExecutionException e) {
            log.debug("closed meanwhile", e);
        }
    }

    private Surroundings ask(Surroundings before) {
        var groups = groups();
        return new Surroundings(
                connectionMetrics.getAsBoolean(),
                offered(groups, Monitors.API_VERSION, kind(Monitors.SERVICE_MONITOR), before.serviceMonitors()),
                offered(groups, Monitors.API_VERSION, kind(Monitors.PROMETHEUS_RULE), before.prometheusRules()));
    }

    /** Versions of groups, such as {@code apps/v1}. */
    private Set<String> groups() {
        var versions = new HashSet<String>();
        client.getApiGroups()
                .getGroups()
                .forEach(group -> group.getVersions().forEach(version -> versions.add(version.getGroupVersion())));
        return versions;
    }

    private boolean offered(Set<String> groups, String version, Predicate<APIResource> wanted, boolean before) {
        if (!groups.contains(version)) {
            return false;
        }
        try {
            var resources = client.getApiResources(version);
            return resources != null && resources.getResources().stream().anyMatch(wanted);
        } catch (KubernetesClientException e) {
            // served by somebody else than the API server, who may be away for a while
            log.debug("{} cannot be asked for, taken to be as before: {}", version, before, e);
            return before;
        }
    }

    private static Predicate<APIResource> kind(String kind) {
        return resource -> kind.equals(resource.getKind());
    }
}
