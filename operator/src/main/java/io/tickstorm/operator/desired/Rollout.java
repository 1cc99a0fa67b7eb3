package io.tickstorm.operator.desired;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraintBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.tickstorm.operator.crd.Drain;
import io.tickstorm.operator.crd.TickStormCluster;
import io.tickstorm.proxy.settings.Durations;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** How pods are replaced: the same for backends and proxies. */
final class Rollout {
    /** A ready pod counts after this time, in seconds: the slices have reached proxies and nodes by then (1 s as a rule). */
    private static final int MIN_READY = 2;

    /** Until a rollout that does not get on is called failed, in seconds: time for a slow image pull. */
    private static final int PROGRESS_DEADLINE = 600;

    /** How long the reference backend takes to end its sessions one by one, in seconds, within {@link #MARGIN}. */
    static final int SPREAD_OF_ENDS = 1;

    /** Between the end of the drain and SIGKILL, in seconds: to end sessions, to write the last log lines and to exit, on a busy node. */
    private static final int MARGIN = 5;

    private Rollout() {}

    /**
     * A Deployment that is never short of a ready pod while it rolls.
     *
     * @param replicas the number that is wanted; where an autoscaler is desired as well, the number to begin with
     * @param annotations of the pods: a change of them rolls
     */
    static Deployment deployment(
            TickStormCluster cluster, Component component, int replicas, Map<String, String> annotations, PodSpec pod) {
        var template = PodTemplates.of(cluster, component);
        return new DeploymentBuilder()
                .withMetadata(component.metadata(cluster))
                .withNewSpec()
                .withReplicas(replicas)
                .withMinReadySeconds(MIN_READY)
                .withProgressDeadlineSeconds(PROGRESS_DEADLINE)
                .withRevisionHistoryLimit(3)
                .withNewStrategy()
                .withType("RollingUpdate")
                .withNewRollingUpdate()
                .withNewMaxUnavailable(0)
                .withNewMaxSurge(1)
                .endRollingUpdate()
                .endStrategy()
                .withNewSelector()
                .withMatchLabels(component.selector(cluster))
                .endSelector()
                .withNewTemplate()
                .withMetadata(new ObjectMetaBuilder()
                        .withLabels(component.labels(cluster))
                        .addToLabels(template.labels())
                        .withAnnotations(annotations)
                        .addToAnnotations(template.annotations())
                        .build())
                .withSpec(pod)
                .endTemplate()
                .endSpec()
                .build();
    }

    /** So many pods at a time may be evicted, and a pod that is broken anyway may always be. */
    static PodDisruptionBudget disruptionBudget(TickStormCluster cluster, Component component) {
        return new PodDisruptionBudgetBuilder()
                .withMetadata(component.metadata(cluster))
                .withNewSpec()
                .withMaxUnavailable(
                        cluster.getSpec().availability().disruptionBudget().maxUnavailable())
                .withUnhealthyPodEvictionPolicy("AlwaysAllow")
                .withNewSelector()
                .withMatchLabels(component.selector(cluster))
                .endSelector()
                .endSpec()
                .build();
    }

    /** Over zones, then over nodes, as far as there is room; each generation of pods by itself, so that a rolling update ends spread as well. */
    static List<TopologySpreadConstraint> spread(TickStormCluster cluster, Component component) {
        var wanted = cluster.getSpec().availability().topologySpread();
        return wanted.enabled()
                ? List.of(
                        spread(cluster, component, "topology.kubernetes.io/zone", wanted.zoneMaxSkew()),
                        spread(cluster, component, "kubernetes.io/hostname", wanted.nodeMaxSkew()))
                : List.of();
    }

    private static TopologySpreadConstraint spread(
            TickStormCluster cluster, Component component, String over, int maxSkew) {
        var wanted = cluster.getSpec().availability().topologySpread();
        return new TopologySpreadConstraintBuilder()
                .withMaxSkew(maxSkew)
                .withTopologyKey(over)
                .withWhenUnsatisfiable(wanted.whenUnsatisfiable().word())
                .withNewLabelSelector()
                .withMatchLabels(component.selector(cluster))
                .endLabelSelector()
                .withMatchLabelKeys("pod-template-hash")
                .build();
    }

    /** Seconds that a pod gets from the request to end until it is killed. */
    static long gracePeriod(Drain drain) {
        return seconds(drain.delay()) + seconds(drain.timeout()) + MARGIN;
    }

    /** A duration in seconds, rounded up. */
    static long seconds(String duration) {
        var parsed = Durations.parse(duration);
        if (parsed == null) {
            throw new IllegalArgumentException(
                    duration + " (expected: a duration such as 5s, of a cluster without problems)");
        }
        return parsed.plus(Duration.ofNanos(999_999_999)).toSeconds();
    }
}
