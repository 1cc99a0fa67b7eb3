package io.tickstorm.operator.desired;

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

/** Autoscalers: up at once and at most doubling every 15 s, down slowly after five quiet minutes. */
final class Autoscalers {
    private static final int SCALE_UP_PERIOD = 15;
    private static final int QUIET = 300;
    private static final int SCALE_DOWN_PERIOD = 60;
    private static final int SCALE_DOWN_PERCENT = 10;

    private Autoscalers() {}

    /** The autoscaling that is on for a component; null if none is. */
    static @Nullable Scaling enabled(TickStormCluster cluster, Component component) {
        var autoscaling = cluster.getSpec().autoscaling();
        var scaling = switch (component) {
            case BACKEND -> autoscaling.backend();
            case PROXY -> autoscaling.loadBalancer();
        };
        return scaling != null && scaling.enabled() ? scaling : null;
    }

    /** The wanted number of pods; with an autoscaler the number to begin with, within its bounds. */
    static int initialReplicas(TickStormCluster cluster, Component component) {
        var replicas = replicas(cluster, component);
        var scaling = enabled(cluster, component);
        return scaling == null ? replicas : Math.clamp(replicas, scaling.minReplicas(), scaling.maxReplicas());
    }

    static HorizontalPodAutoscaler of(TickStormCluster cluster, Component component, Scaling scaling) {
        return new HorizontalPodAutoscalerBuilder()
                .withMetadata(component.metadata(cluster))
                .withNewSpec()
                .withNewScaleTargetRef()
                .withApiVersion("apps/v1")
                .withKind("Deployment")
                .withName(component.nameIn(cluster))
                .endScaleTargetRef()
                .withMinReplicas(scaling.minReplicas())
                .withMaxReplicas(scaling.maxReplicas())
                .withMetrics(metrics(resources(cluster, component), scaling))
                .withNewBehavior()
                .withNewScaleUp()
                .withStabilizationWindowSeconds(0)
                .addNewPolicy(SCALE_UP_PERIOD, "Percent", 100)
                .endScaleUp()
                .withNewScaleDown()
                .withStabilizationWindowSeconds(QUIET)
                .addNewPolicy(SCALE_DOWN_PERIOD, "Percent", SCALE_DOWN_PERCENT)
                .endScaleDown()
                .endBehavior()
                .endSpec()
                .build();
    }

    /** What the pods of a component ask for and may use. */
    static @Nullable Resources resources(TickStormCluster cluster, Component component) {
        return switch (component) {
            case BACKEND -> Backends.resources(cluster.getSpec().backend());
            case PROXY -> Proxies.resources(cluster.getSpec().loadBalancer());
        };
    }

    private static int replicas(TickStormCluster cluster, Component component) {
        return switch (component) {
            case BACKEND -> cluster.getSpec().backend().replicas();
            case PROXY -> cluster.getSpec().loadBalancer().replicas();
        };
    }

    /** A share of a request that is not there cannot be measured, and one metric that fails keeps the others from scaling down. */
    private static List<MetricSpec> metrics(@Nullable Resources resources, Scaling scaling) {
        var metrics = new ArrayList<MetricSpec>();
        if (ResourceLists.requests(resources, "cpu")) {
            metrics.add(utilization("cpu", scaling.cpu()));
        }
        if (ResourceLists.requests(resources, "memory")) {
            metrics.add(utilization("memory", scaling.memory()));
        }
        return metrics;
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
}
