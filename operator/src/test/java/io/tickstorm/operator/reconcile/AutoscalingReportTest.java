package io.tickstorm.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.tickstorm.operator.crd.ClusterCondition;
import io.tickstorm.operator.metricsapi.Standing;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class AutoscalingReportTest {
    private static final Standing SERVED = new Standing(true, "Served", "served");
    private static final Standing FOREIGN = new Standing(false, "OwnedByOther", "it belongs to Service a/b");
    private static final String CPU = "{type: Resource, resource: {name: cpu, current: {averageUtilization: 3}}}";
    private static final String CONNECTIONS =
            "{type: Pods, pods: {metric: {name: tick_storm_active_connections}, current: {averageValue: '3'}}}";

    @Test
    void withoutAutoscalersItIsDisabled() {
        assertThat(said(SERVED)).startsWith("False Disabled");
    }

    @Test
    void everyMetricThatHasAValueIsNamed() {
        assertThat(said(SERVED, autoscaler("backend", true, CPU + ", " + CONNECTIONS, "")))
                .isEqualTo("True AllMeasured backends by cpu, connections");
    }

    @Test
    void oneThatHasNoneIsNamedAsWell() {
        assertThat(said(SERVED, autoscaler("proxy", true, CPU + ", {type: ''}", "")))
                .isEqualTo("True PartlyMeasured proxies by cpu; not measured: connections");
        assertThat(said(
                        new Standing(true, "Unreachable", "open the way"),
                        autoscaler("proxy", true, CPU + ", {type: ''}", "")))
                .isEqualTo("True Unreachable proxies by cpu; not measured: connections; open the way");
    }

    @Test
    void whoseTheMetricsAreIsSaidWhereConnectionsAreNotLookedAt() {
        assertThat(said(FOREIGN, autoscaler("backend", false, CPU, "")))
                .isEqualTo("True OwnedByOther backends by cpu; it belongs to Service a/b");
    }

    @Test
    void anAutoscalerThatCannotDecideSaysWhy() {
        var blind = "{type: ScalingActive, status: 'False', reason: FailedGetPodsMetric, message: no answer}";

        assertThat(said(SERVED, autoscaler("backend", true, "", blind)))
                .isEqualTo(
                        "False FailedGetPodsMetric backends by nothing yet; not measured: cpu, connections: no answer");
        assertThat(said(SERVED, autoscaler("backend", true, "", ""))).startsWith("Unknown Starting");
    }

    private static String said(Standing metrics, HorizontalPodAutoscaler... autoscalers) {
        ClusterCondition condition =
                AutoscalingReport.condition(List.of(autoscalers), metrics, new Transitions(cluster(), Instant.EPOCH));
        return condition.status() + " " + condition.reason() + " " + condition.message();
    }

    private static GenericKubernetesResource cluster() {
        return new GenericKubernetesResourceBuilder()
                .withNewMetadata()
                .withName("demo")
                .withGeneration(1L)
                .endMetadata()
                .build();
    }

    private static HorizontalPodAutoscaler autoscaler(
            String component, boolean connections, String current, String condition) {
        return Serialization.unmarshal(
                """
                kind: HorizontalPodAutoscaler
                apiVersion: autoscaling/v2
                metadata: {name: demo, labels: {tickstorm.io/component: %s}}
                spec:
                  metrics:
                    - {type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 70}}}
                %s
                status: {currentMetrics: [%s], conditions: [%s]}
                """.formatted(
                                component,
                                connections
                                        ? "    - {type: Pods, pods: {metric: {name: tick_storm_active_connections}, target: {type: AverageValue, averageValue: '9'}}}"
                                        : "",
                                current,
                                condition),
                HorizontalPodAutoscaler.class);
    }
}
