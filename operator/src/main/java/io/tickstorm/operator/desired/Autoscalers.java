package io.tickstorm.operator.desired;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HPAScalingRules;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HPAScalingRulesBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricSpec;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricSpecBuilder;
import io.tickstorm.operator.crd.AutoscalingSpec.Scaling;
import io.tickstorm.operator.crd.Resources;
import io.tickstorm.operator.crd.TickStormCluster;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Autoscalers: pods are added after a minute of more load, by at most half of them a minute, and go slowly after five quiet minutes. */
public final class Autoscalers {
    /** The metric of a pod that counts its connections. */
    public static final String CONNECTIONS = "tick_storm_active_connections";

    /** The period of what a minute adds or takes away, in seconds. */
    private static final int MINUTE = 60;

    private Autoscalers() {}

    /** The autoscaling that is on for a component; null if none is. */
    public static @Nullable Scaling enabled(TickStormCluster cluster, Component component) {
        var autoscaling = cluster.getSpec().autoscaling();
        var scaling = switch (component) {
            case BACKEND, BACKEND_GREEN -> autoscaling.backend();
            case PROXY -> autoscaling.loadBalancer();
        };
        return scaling != null && scaling.enabled() ? scaling : null;
    }

    /** The wanted number of pods; with an autoscaler the number to begin with, within its bounds. */
    public static int initialReplicas(TickStormCluster cluster, Component component) {
        var replicas = replicas(cluster, component);
        var scaling = enabled(cluster, component);
        return scaling == null ? replicas : Math.clamp(replicas, scaling.minReplicas(), scaling.maxReplicas());
    }

    /** @param floor fewest pods for now, where that is more than the scaling says */
    static HorizontalPodAutoscaler of(
            TickStormCluster cluster, Component component, Scaling scaling, Surroundings surroundings, int floor) {
        return new HorizontalPodAutoscalerBuilder()
                .withMetadata(component.metadata(cluster))
                .withNewSpec()
                .withNewScaleTargetRef()
                .withApiVersion("apps/v1")
                .withKind("Deployment")
                .withName(component.nameIn(cluster))
                .endScaleTargetRef()
                .withMinReplicas(Math.clamp(floor, scaling.minReplicas(), scaling.maxReplicas()))
                .withMaxReplicas(scaling.maxReplicas())
                .withMetrics(metrics(resources(cluster, component), scaling, surroundings))
                .withNewBehavior()
                .withScaleUp(
                        rules(scaling.scaleUp().percent(), scaling.scaleUp().window()))
                .withScaleDown(
                        rules(scaling.scaleDown().percent(), scaling.scaleDown().window()))
                .endBehavior()
                .endSpec()
                .build();
    }

    /** What the pods of a component ask for and may use. */
    static @Nullable Resources resources(TickStormCluster cluster, Component component) {
        return switch (component) {
            case BACKEND, BACKEND_GREEN -> Backends.resources(cluster.getSpec().backend());
            case PROXY -> Proxies.resources(cluster.getSpec().loadBalancer());
        };
    }

    private static int replicas(TickStormCluster cluster, Component component) {
        return switch (component) {
            case BACKEND, BACKEND_GREEN -> cluster.getSpec().backend().replicas();
            case PROXY -> cluster.getSpec().loadBalancer().replicas();
        };
    }

    /** Whether there is anything that the number of pods can follow. */
    static boolean measured(TickStormCluster cluster, Component component, Scaling scaling) {
        var connections = scaling.connections();
        return connections == null
                || connections > 0
                || !shares(resources(cluster, component), scaling).isEmpty();
    }

    private static HPAScalingRules rules(int percent, String window) {
        var rules =
                new HPAScalingRulesBuilder().withStabilizationWindowSeconds(Math.toIntExact(Rollout.seconds(window)));
        return percent == 0
                ? rules.withSelectPolicy("Disabled").build()
                : rules.addNewPolicy(MINUTE, "Percent", percent).build();
    }

    /** Connections are always looked at where the resource gives a number, whoever serves it; without one, while we do, or while there is nothing else to look at. */
    private static List<MetricSpec> metrics(@Nullable Resources resources, Scaling scaling, Surroundings surroundings) {
        var metrics = shares(resources, scaling);
        var connections = scaling.connections();
        if (connections == null && (surroundings.connectionMetrics() || metrics.isEmpty())) {
            metrics.add(connections(Scaling.CONNECTIONS));
        } else if (connections != null && connections > 0) {
            metrics.add(connections(connections));
        }
        return metrics;
    }

    /** A share of a request that is not there cannot be measured, and one metric that fails keeps the others from scaling down. */
    private static List<MetricSpec> shares(@Nullable Resources resources, Scaling scaling) {
        var shares = new ArrayList<MetricSpec>();
        if (scaling.cpu() > 0 && ResourceLists.requests(resources, "cpu")) {
            shares.add(utilization("cpu", scaling.cpu()));
        }
        if (scaling.memory() > 0 && ResourceLists.requests(resources, "memory")) {
            shares.add(utilization("memory", scaling.memory()));
        }
        return shares;
    }

    private static MetricSpec utilization(String resource, int percent) {
        return new MetricSpecBuilder()
                .withType("Resource")
                .withNewResource()
                .withName(resource)
                .withNewTarget()
                .withType("Utilization")
                .withAverageUtilization(percent)
                .endTarget()
                .endResource()
                .build();
    }

    private static MetricSpec connections(int average) {
        return new MetricSpecBuilder()
                .withType("Pods")
                .withNewPods()
                .withNewMetric()
                .withName(CONNECTIONS)
                .endMetric()
                .withNewTarget()
                .withType("AverageValue")
                .withAverageValue(new Quantity(String.valueOf(average)))
                .endTarget()
                .endPods()
                .build();
    }
}
