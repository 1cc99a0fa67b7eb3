package io.tickstorm.operator.desired;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.tickstorm.operator.crd.TickStormCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Objects of the Prometheus operator: what it scrapes, and what it alerts on. Without their Java types, since their kinds need not be there. */
public final class Monitors {
    public static final String GROUP = "monitoring.coreos.com";
    public static final String VERSION = "v1";
    public static final String API_VERSION = GROUP + "/" + VERSION;
    public static final String SERVICE_MONITOR = "ServiceMonitor";
    public static final String PROMETHEUS_RULE = "PrometheusRule";

    private Monitors() {}

    static List<GenericKubernetesResource> of(TickStormCluster cluster, Surroundings surroundings) {
        var wanted = cluster.getSpec().monitoring();
        var objects = new ArrayList<GenericKubernetesResource>();
        if (surroundings.serviceMonitors() && on(wanted.serviceMonitor().enabled())) {
            var spec = scraping(cluster, wanted.serviceMonitor().interval());
            objects.add(object(cluster, SERVICE_MONITOR, wanted.serviceMonitor().labels(), spec));
        }
        if (surroundings.prometheusRules() && on(wanted.prometheusRule().enabled())) {
            var groups = List.of(Map.of("name", "tickstorm", "rules", Alerts.of(cluster)));
            objects.add(object(cluster, PROMETHEUS_RULE, wanted.prometheusRule().labels(), Map.of("groups", groups)));
        }
        return objects;
    }

    /** What the resource asks for by name, although the API server does not know it. */
    public static List<String> missing(TickStormCluster cluster, Surroundings surroundings) {
        var wanted = cluster.getSpec().monitoring();
        var missing = new ArrayList<String>();
        if (!surroundings.serviceMonitors()
                && Boolean.TRUE.equals(wanted.serviceMonitor().enabled())) {
            missing.add("spec.monitoring.serviceMonitor");
        }
        if (!surroundings.prometheusRules()
                && Boolean.TRUE.equals(wanted.prometheusRule().enabled())) {
            missing.add("spec.monitoring.prometheusRule");
        }
        return missing;
    }

    private static boolean on(@Nullable Boolean enabled) {
        return !Boolean.FALSE.equals(enabled);
    }

    private static Map<String, Object> scraping(TickStormCluster cluster, String interval) {
        return Map.of(
                "selector",
                Map.of(
                        "matchLabels",
                        Map.of(
                                Component.CLUSTER_LABEL,
                                cluster.getMetadata().getName(),
                                SideServices.SCRAPED_LABEL,
                                "true")),
                "targetLabels",
                List.of(Component.CLUSTER_LABEL, Component.COMPONENT_LABEL),
                "endpoints",
                List.of(Map.of(
                        "port",
                        SideServices.METRICS_PORT_NAME,
                        "path",
                        "/metrics",
                        "interval",
                        Rollout.seconds(interval) + "s")));
    }

    private static GenericKubernetesResource object(
            TickStormCluster cluster, String kind, Map<String, String> labels, Map<String, Object> spec) {
        var metadata = Component.PROXY.metadata(cluster, cluster.getMetadata().getName());
        labels.forEach(metadata.getLabels()::putIfAbsent);
        return new GenericKubernetesResourceBuilder()
                .withApiVersion(API_VERSION)
                .withKind(kind)
                .withMetadata(metadata)
                .addToAdditionalProperties("spec", spec)
                .build();
    }
}
