package io.tickstorm.operator.reconcile;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.tickstorm.operator.crd.ClusterCondition;
import io.tickstorm.operator.crd.ClusterStatus;
import io.tickstorm.operator.crd.ClusterStatus.Backends;
import io.tickstorm.operator.crd.ClusterStatus.Proxies;
import io.tickstorm.operator.crd.RolloutStatus;
import io.tickstorm.operator.rollout.Decision.Phase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The last status of each cluster as metrics, for whoever has alerts and no eye on the resources. A cluster that is gone is gone from them. Thread-safe. */
final class ClusterMeters implements AutoCloseable {
    private static final String CONDITION = "tick.storm.operator.cluster.condition";
    private static final List<String> CONDITIONS =
            List.of("Ready", "Available", "Progressing", "Degraded", "AutoscalingActive", "Paused");

    private final MeterRegistry registry;
    /** Guarded by this. */
    private final Map<ClusterKey, Told> clusters = new HashMap<>();

    private boolean closed;

    ClusterMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    synchronized void report(ClusterKey key, ClusterStatus status) {
        if (!closed) {
            clusters.computeIfAbsent(key, this::register).status(status);
        }
    }

    synchronized void forget(ClusterKey key) {
        var told = clusters.remove(key);
        if (told != null) {
            told.meters.forEach(registry::remove);
        }
    }

    /** Whoever leads no more knows nothing any more; a pass that still runs tells nobody. */
    @Override
    public synchronized void close() {
        closed = true;
        List.copyOf(clusters.keySet()).forEach(this::forget);
    }

    private Told register(ClusterKey key) {
        var told = new Told();
        var cluster = Tags.of("cluster_namespace", key.namespace(), "cluster_name", key.name());
        for (var type : CONDITIONS) {
            told.gauge(CONDITION, cluster.and("type", type), it -> it.condition(type), "1 if the condition is True");
        }
        for (var phase : Phase.values()) {
            told.gauge(
                    "tick.storm.operator.rollout.phase",
                    cluster.and("phase", phase.word()),
                    it -> it.phase(phase),
                    "1 for the phase of the change of versions");
        }
        told.gauge(
                "tick.storm.operator.rollout.weight",
                cluster,
                Told::weight,
                "Percent of the traffic that the version of the specification gets");
        told.gauge("tick.storm.operator.pods", cluster.and("component", "backend"), it -> it.backends, "Pods");
        told.gauge("tick.storm.operator.pods", cluster.and("component", "proxy"), it -> it.proxies, "Pods");
        told.gauge(
                "tick.storm.operator.pods.ready",
                cluster.and("component", "backend"),
                it -> it.readyBackends,
                "Pods that take traffic");
        told.gauge(
                "tick.storm.operator.pods.ready",
                cluster.and("component", "proxy"),
                it -> it.readyProxies,
                "Pods that take traffic");
        return told;
    }

    /** What was told of one cluster. A status that leaves something out, such as that of a resource which is not valid, leaves it as it was. */
    private final class Told {
        private final List<Meter> meters = new ArrayList<>();
        private volatile Map<String, String> conditions = Map.of();
        private volatile @Nullable RolloutStatus rollout;
        private volatile int backends;
        private volatile int readyBackends;
        private volatile int proxies;
        private volatile int readyProxies;

        void gauge(String name, Tags tags, ToDoubleFunction<Told> value, String description) {
            meters.add(Gauge.builder(name, this, value)
                    .description(description)
                    .tags(tags)
                    .register(registry));
        }

        void status(ClusterStatus status) {
            conditions = status.conditions().stream()
                    .collect(Collectors.toUnmodifiableMap(ClusterCondition::type, ClusterCondition::status));
            if (status.rollout() != null) {
                rollout = status.rollout();
            }
            if (status.backend() instanceof Backends counted) {
                backends = counted.replicas();
                readyBackends = counted.readyReplicas();
            }
            if (status.loadBalancer() instanceof Proxies counted) {
                proxies = counted.replicas();
                readyProxies = counted.readyReplicas();
            }
        }

        double condition(String type) {
            return "True".equals(conditions.get(type)) ? 1 : 0;
        }

        double phase(Phase phase) {
            var last = rollout;
            return last != null && phase.word().equals(last.phase()) ? 1 : 0;
        }

        double weight() {
            var last = rollout;
            return last == null ? 0 : last.weight();
        }
    }
}
