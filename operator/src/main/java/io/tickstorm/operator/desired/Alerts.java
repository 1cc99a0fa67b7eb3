package io.tickstorm.operator.desired;

import io.tickstorm.operator.crd.TickStormCluster;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a person is called for, over the metrics that the proxies of one cluster tell of themselves. */
final class Alerts {
    private final String proxies;
    private final String cluster;

    private Alerts(TickStormCluster cluster) {
        var metadata = cluster.getMetadata();
        this.cluster = metadata.getNamespace() + "/" + metadata.getName();
        // labels that the Prometheus operator gives to whatever it scrapes through a Service
        this.proxies = "namespace=\"%s\",service=\"%s-metrics\"".formatted(metadata.getNamespace(), metadata.getName());
    }

    /** Rules as a PrometheusRule has them. */
    static List<Map<String, Object>> of(TickStormCluster cluster) {
        return new Alerts(cluster).rules();
    }

    private List<Map<String, Object>> rules() {
        return List.of(
                rule(
                        "TickStormNoUpstream",
                        "tick_storm_backend_upstreams_available{%s} == 0",
                        "30s",
                        "critical",
                        "{{ $labels.pod }} has nobody to send the traffic of backend {{ $labels.backend }} to"),
                rule(
                        "TickStormUnserved",
                        "sum(rate(tick_storm_unserved_total{%s}[2m])) > 0",
                        "1m",
                        "critical",
                        "requests or connections are turned away, because no upstream could be had"),
                rule(
                        "TickStormErrors",
                        "sum(rate(tick_storm_requests_total{%1$s,class=\"5xx\"}[5m])) / sum(rate(tick_storm_requests_total{%1$s}[5m])) > 0.05",
                        "5m",
                        "critical",
                        "{{ $value | humanizePercentage }} of the answers are errors of servers (5xx)"),
                rule(
                        "TickStormProxyDown",
                        "up{%s} == 0",
                        "2m",
                        "warning",
                        "proxy {{ $labels.pod }} does not answer at its metrics port"),
                rule(
                        "TickStormPanic",
                        "tick_storm_backend_panic{%s} == 1",
                        "1m",
                        "warning",
                        "too few upstreams of backend {{ $labels.backend }} are well, so all that can be reached get work"),
                rule(
                        "TickStormDiscoveryStale",
                        "tick_storm_discovery_age_seconds{%s} > 120",
                        "2m",
                        "warning",
                        "{{ $labels.pod }} has not heard of the endpoints of backend {{ $labels.backend }} for {{ $value | humanizeDuration }}"
                                + " and works with the last ones; is the API server well?"),
                rule(
                        "TickStormSaturated",
                        "rate(tick_storm_connections_refused_total{%s}[5m]) > 0",
                        "2m",
                        "warning",
                        "listener {{ $labels.listener }} of {{ $labels.pod }} turns connections away, because maxConnections are open;"
                                + " add proxies or raise spec.loadBalancer.listeners[].maxConnections"),
                rule(
                        "TickStormCertificateExpires",
                        "tick_storm_tls_certificate_expiry_seconds{%s} < 14 * 86400",
                        "1h",
                        "warning",
                        "a certificate of listener {{ $labels.listener }} expires in {{ $value | humanizeDuration }}"));
    }

    private Map<String, Object> rule(
            String alert, String expression, String lasting, String severity, String description) {
        var rule = new LinkedHashMap<String, Object>();
        rule.put("alert", alert);
        rule.put("expr", expression.formatted(proxies));
        rule.put("for", lasting);
        rule.put("labels", Map.of("severity", severity, "tickstorm_cluster", cluster));
        rule.put("annotations", Map.of("summary", "Cluster " + cluster + ": " + description));
        return rule;
    }
}
