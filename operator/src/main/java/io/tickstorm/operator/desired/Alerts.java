package io.tickstorm.operator.desired;

import io.tickstorm.operator.crd.TickStormCluster;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a person is called for: the one list from which the PrometheusRules of clusters, those of the chart and the file for a plain Prometheus are made. Each has a page
 * in docs/operations/alerts, and in the tests a case in which it fires and one in which it stays silent.
 *
 * <p>Expressions keep the labels by which one finds the culprit: {@code namespace} and {@code job}, which are the cluster, and what the description names.
 */
public final class Alerts {
    private static final String CRITICAL = "critical";
    private static final String WARNING = "warning";
    /** Where the pages are, in the repository. */
    private static final String PAGES = "docs/operations/alerts/";

    /**
     * One alert.
     *
     * @param expression with {%s}, or %,s after other matchers, for what narrows it to the proxies of one cluster
     * @param lasting how long it has to be so
     */
    private record Alert(
            String name, String expression, String lasting, String severity, String summary, String description) {
        Map<String, Object> rule(String scope, Map<String, String> labels) {
            var rule = new LinkedHashMap<String, Object>();
            rule.put("alert", name);
            var further = scope.isEmpty() ? "" : "," + scope;
            rule.put(
                    "expr",
                    expression.replace("%,s", further).replace("{%s}", scope.isEmpty() ? "" : "{" + scope + "}"));
            rule.put("for", lasting);
            var all = new LinkedHashMap<String, Object>();
            all.put("severity", severity);
            all.putAll(labels);
            rule.put("labels", all);
            var annotations = new LinkedHashMap<String, Object>();
            annotations.put("summary", summary);
            annotations.put("description", description);
            annotations.put("runbook", PAGES + name + ".md");
            rule.put("annotations", annotations);
            return rule;
        }
    }

    private static final List<Alert> PROXIES = List.of(
            new Alert(
                    "TickStormNoUpstream",
                    "max by (namespace, job, pod, backend) (tick_storm_backend_upstreams_available{%s}) == 0",
                    "30s",
                    CRITICAL,
                    "{{ $labels.pod }} has nobody to send the traffic of {{ $labels.backend }} to",
                    "Discovery names no endpoint, or all of them are held back. What comes now is answered with 503."),
            new Alert(
                    "TickStormUnserved",
                    "sum by (namespace, job, listener) (rate(tick_storm_unserved_total{%s}[2m])) > 0",
                    "1m",
                    CRITICAL,
                    "Nobody can take what comes to listener {{ $labels.listener }} of {{ $labels.job }}",
                    "No endpoint could be had for {{ $value | printf \"%.2f\" }} requests and connections a second."),
            new Alert(
                    "TickStormErrors",
                    "sum by (namespace, job) (rate(tick_storm_requests_total{class=\"5xx\"%,s}[5m]))"
                            + " / sum by (namespace, job) (rate(tick_storm_requests_total{%s}[5m])) > 0.05",
                    "5m",
                    CRITICAL,
                    "More than 5 % of the requests to {{ $labels.job }} are answered with errors",
                    "Now it is {{ $value | humanizePercentage }}. GET /why of the proxies' admin port says why requests failed."),
            new Alert(
                    "TickStormProxyDown",
                    "up{tickstorm_io_component=\"proxy\"%,s} == 0",
                    "2m",
                    WARNING,
                    "Proxy {{ $labels.pod }} does not answer at its metrics port",
                    "The others carry its traffic as long as they have room."),
            new Alert(
                    "TickStormPanic",
                    "max by (namespace, job, backend) (tick_storm_backend_panic{%s}) == 1",
                    "1m",
                    WARNING,
                    "Too few endpoints of {{ $labels.backend }} of {{ $labels.job }} are well",
                    "All that can be reached get work, well or not, because fewer than panicThreshold are well."),
            new Alert(
                    "TickStormEjected",
                    "max by (namespace, job, backend, upstream, reason)"
                            + " (tick_storm_upstream_held{reason=~\"ejected|circuit_open|failed_check|unreachable\"%,s}) == 1",
                    "10m",
                    WARNING,
                    "{{ $labels.upstream }} of {{ $labels.job }} has been kept out of the traffic for ten minutes",
                    "The reason is {{ $labels.reason }}. Kubernetes takes it for ready, the proxies do not."),
            new Alert(
                    "TickStormRetries",
                    "sum by (namespace, job) (rate(tick_storm_retries_total{%s}[5m]))"
                            + " / sum by (namespace, job) (rate(tick_storm_requests_total{%s}[5m])) > 0.1",
                    "10m",
                    WARNING,
                    "More than one request in ten to {{ $labels.job }} needs another attempt",
                    "Now it is {{ $value | humanizePercentage }}. Clients do not see it yet; the endpoints carry the load twice."),
            new Alert(
                    "TickStormSaturated",
                    "sum by (namespace, job, listener) (rate(tick_storm_connections_refused_total{%s}[5m])) > 0",
                    "2m",
                    WARNING,
                    "Listener {{ $labels.listener }} of {{ $labels.job }} turns connections away",
                    "maxConnections are open. Add proxies, or raise spec.loadBalancer.listeners[].maxConnections and the memory."),
            new Alert(
                    "TickStormQueueing",
                    "sum by (namespace, job, backend) (tick_storm_backend_queued{%s}) > 0",
                    "5m",
                    WARNING,
                    "Requests wait for an endpoint of {{ $labels.backend }} of {{ $labels.job }}",
                    "For five minutes there has always been a line, now of {{ $value | printf \"%.0f\" }}."),
            new Alert(
                    "TickStormDiscoveryStale",
                    "max by (namespace, job, pod, backend) (tick_storm_discovery_age_seconds{%s}) > 120",
                    "2m",
                    WARNING,
                    "{{ $labels.pod }} has not heard of the endpoints of {{ $labels.backend }} for {{ $value | humanizeDuration }}",
                    "It works with the last ones. GET /state of its admin port has the reason as discovery.trouble."),
            new Alert(
                    "TickStormConfigurationRefused",
                    "max by (namespace, job, pod) (tick_storm_configuration_refused{%s}) == 1",
                    "2m",
                    WARNING,
                    "{{ $labels.pod }} refuses its new configuration",
                    "The former one stays in use. tick_storm_configuration_problem and its log name each problem with its path."),
            new Alert(
                    "TickStormCertificateExpires",
                    "min by (namespace, job, listener) (tick_storm_tls_certificate_expiry_seconds{%s}) < 14 * 86400",
                    "1h",
                    WARNING,
                    "A certificate of listener {{ $labels.listener }} of {{ $labels.job }} expires",
                    "It is good for another {{ $value | humanizeDuration }}. Put a new one into its Secret; the proxies read it again."));

    private static final List<Alert> OPERATOR = List.of(
            new Alert(
                    "TickStormOperatorWithoutLeader",
                    "max by (namespace, job) (tick_storm_operator_leading) < 1",
                    "2m",
                    CRITICAL,
                    "No process of the Tick-Storm operator leads",
                    "Traffic goes on, but nothing that changes is carried out. Look at the log of the operator's pods in {{ $labels.namespace }} and at the Lease tickstorm-operator there."),
            new Alert(
                    "TickStormOperatorFailing",
                    "sum by (namespace, job) (increase(tick_storm_operator_reconcile_seconds_count{result=\"failed\"}[10m])) > 2",
                    "10m",
                    WARNING,
                    "The Tick-Storm operator cannot carry out what a cluster asks for",
                    "Over the last 10 minutes {{ $value | printf \"%.0f\" }} passes failed. The condition Degraded of the cluster says why (kubectl get tsc --all-namespaces)."),
            new Alert(
                    "TickStormClusterUnavailable",
                    "max by (cluster_namespace, cluster_name) (tick_storm_operator_cluster_condition{type=\"Available\"}) == 0",
                    "5m",
                    CRITICAL,
                    "Cluster {{ $labels.cluster_namespace }}/{{ $labels.cluster_name }} serves nobody",
                    "No backend or no proxy is ready. Its condition Available says which."),
            new Alert(
                    "TickStormClusterDegraded",
                    "max by (cluster_namespace, cluster_name) (tick_storm_operator_cluster_condition{type=\"Degraded\"}) == 1",
                    "10m",
                    WARNING,
                    "Cluster {{ $labels.cluster_namespace }}/{{ $labels.cluster_name }} is not as its specification says",
                    "Its condition Degraded says what is wrong and what to do."),
            new Alert(
                    "TickStormRolloutAborted",
                    "max by (cluster_namespace, cluster_name) (tick_storm_operator_rollout_phase{phase=\"Aborted\"}) == 1",
                    "1m",
                    WARNING,
                    "A new version of {{ $labels.cluster_namespace }}/{{ $labels.cluster_name }} was given up",
                    "The stable version has all the traffic. status.rollout.message says why, with the numbers."));

    private Alerts() {}

    /** Rules on one cluster, as a PrometheusRule has them. The labels are those that the Prometheus operator gives to what it scrapes through a Service. */
    static List<Map<String, Object>> of(TickStormCluster cluster) {
        var metadata = cluster.getMetadata();
        var scope = "namespace=\"%s\",service=\"%s-metrics\"".formatted(metadata.getNamespace(), metadata.getName());
        var name = metadata.getNamespace() + "/" + metadata.getName();
        return PROXIES.stream()
                .map(alert -> alert.rule(scope, Map.of("tickstorm_cluster", name)))
                .toList();
    }

    /** Rules on the proxies of all clusters. */
    public static List<Map<String, Object>> ofAllClusters() {
        return PROXIES.stream().map(alert -> alert.rule("", Map.of())).toList();
    }

    /** Rules on what the operator tells of itself and of clusters. */
    public static List<Map<String, Object>> ofTheOperator() {
        return OPERATOR.stream().map(alert -> alert.rule("", Map.of())).toList();
    }
}
