package io.tickstorm.operator.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.tickstorm.operator.crd.RolloutSpec.Strategy;
import io.tickstorm.operator.crd.TickStormCluster;
import io.tickstorm.operator.desired.Autoscalers;
import io.tickstorm.operator.desired.Defaults;
import io.tickstorm.operator.desired.Desired;
import io.tickstorm.operator.desired.Proxies;
import io.tickstorm.operator.desired.Situation;
import io.tickstorm.operator.desired.Slot;
import io.tickstorm.operator.desired.Tracks;
import io.tickstorm.operator.desired.Version;
import io.tickstorm.operator.rollout.Course;
import io.tickstorm.operator.rollout.Facts;
import io.tickstorm.operator.rollout.Facts.Window;
import io.tickstorm.operator.rollout.Memory;
import io.tickstorm.operator.rollout.Plan;
import io.tickstorm.operator.telemetry.FleetReport;
import io.tickstorm.operator.telemetry.Measured;
import io.tickstorm.operator.telemetry.Telemetry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Carries the versions of clusters on: gathers the facts, has them decided upon, writes the decision down. What measuring began with is only known here; another operator
 * begins to measure anew. Passes over one cluster do not overlap.
 */
final class Rollouts {
    private final Memories memories;
    private final Telemetry telemetry;
    private final InstantSource clock;
    private final Map<ClusterKey, Baseline> baselines = new ConcurrentHashMap<>();

    /** What proxies had counted when measuring a version began. */
    private record Baseline(String revision, FleetReport report) {}

    Rollouts(Memories memories, Telemetry telemetry, InstantSource clock) {
        this.memories = memories;
        this.telemetry = telemetry;
        this.clock = clock;
    }

    /**
     * The next step of a cluster's versions, written down. Blocks; asks the proxies if anything hangs on them.
     *
     * @param situation without tracks
     * @param children the objects of the cluster as they were last seen
     */
    Turn next(TickStormCluster cluster, Situation situation, List<HasMetadata> children, List<Pod> pods)
            throws ReconcileException {
        var key = ClusterKey.of(cluster);
        var seen = new Sighting(cluster, children, pods);
        var wanted = Version.of(cluster, situation.defaults());
        var memory = memories.of(cluster, () -> begin(seen, wanted));
        var rollout = cluster.getSpec().backend().rollout();
        var replicas = seen.replicas(memory.active());
        var changing = memory.trial() != null
                || (rollout.strategy() != Strategy.ROLLING_UPDATE && !wanted.is(memory.stable()));
        var report = changing ? telemetry.ask(seen.proxies()) : new FleetReport(clock.instant(), List.of(), List.of());
        // Nobody is asked, so nothing is compared: a cluster at rest is not described twice.
        var hash = changing ? configuration(cluster, situation, tracks(cluster, memory, replicas)) : "";
        var proxies = proxies(seen, report, hash);
        var facts = new Facts(wanted, rollout, replicas, seen.slots(), proxies, window(key, cluster, memory, report));
        var decision = Course.decide(memory, facts, clock.instant());
        memories.write(cluster, decision.memory());
        remember(key, decision.memory(), decision.measureAnew(), report);
        return new Turn(wanted, facts, decision, tracks(cluster, decision.memory(), replicas));
    }

    /** Where the version that counts as the backends is, with nothing decided and nothing written down. */
    Slot active(TickStormCluster cluster, Defaults defaults, List<HasMetadata> children, List<Pod> pods)
            throws ReconcileException {
        var wanted = Version.of(cluster, defaults);
        return memories.of(cluster, () -> begin(new Sighting(cluster, children, pods), wanted))
                .active();
    }

    void forget(ClusterKey key) {
        memories.forget(key);
        baselines.remove(key);
    }

    /**
     * Where nothing is written down: a new cluster, one of an operator that knew no slots, or one whose record is lost. What has the most pods is taken for the stable
     * version, and for what is wanted; what else runs loses its share and goes.
     */
    private static Memory begin(Sighting seen, Version wanted) {
        var slots = seen.slots();
        var blue = slots.get(Slot.BLUE);
        var green = slots.get(Slot.GREEN);
        var active = green != null && (blue == null || green.available() > blue.available()) ? Slot.GREEN : Slot.BLUE;
        return Memory.of(active, wanted);
    }

    private static Tracks tracks(TickStormCluster cluster, Memory memory, int replicas) {
        var component = memory.active().component();
        var first = Autoscalers.enabled(cluster, component) == null
                ? replicas
                : Autoscalers.initialReplicas(cluster, component);
        return Plan.tracks(memory, cluster.getSpec().backend().rollout(), replicas, first);
    }

    /** The hash of what the proxies should run by, as things are and before anything is decided. */
    private static String configuration(TickStormCluster cluster, Situation situation, Tracks tracks) {
        var asTold = new Situation(situation.defaults(), situation.surroundings(), tracks);
        return Proxies.configurationHash(Desired.of(cluster, asTold)).orElseThrow();
    }

    private static Facts.Proxies proxies(Sighting seen, FleetReport report, String hash) {
        var without = new ArrayList<>(report.silent());
        report.proxies().stream().filter(proxy -> !proxy.has(hash)).forEach(proxy -> without.add(proxy.pod()));
        return new Facts.Proxies(seen.proxies().size(), without);
    }

    private @Nullable Window window(ClusterKey key, TickStormCluster cluster, Memory memory, FleetReport report) {
        var baseline = baselines.get(key);
        var trial = memory.trial();
        if (baseline == null
                || trial == null
                || !baseline.revision().equals(trial.version().revision())) {
            return null;
        }
        return new Window(
                baseline.report().at(),
                measured(baseline.report(), report, cluster, memory.idle()),
                measured(baseline.report(), report, cluster, memory.active()));
    }

    private static Measured measured(FleetReport before, FleetReport after, TickStormCluster cluster, Slot slot) {
        return cluster.getSpec().backend().ports().keySet().stream()
                .map(port -> Measured.between(before, after, slot.backend(port)))
                .reduce(Measured.NOTHING, Measured::plus);
    }

    private void remember(ClusterKey key, Memory memory, boolean anew, FleetReport report) {
        var trial = memory.trial();
        if (trial == null) {
            baselines.remove(key);
        } else if (anew) {
            baselines.put(key, new Baseline(trial.version().revision(), report));
        }
    }
}
