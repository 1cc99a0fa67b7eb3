package io.tickstorm.operator.monitoring;

import static io.tickstorm.operator.monitoring.Panel.graph;
import static io.tickstorm.operator.monitoring.Panel.number;
import static io.tickstorm.operator.monitoring.Panel.query;

import io.tickstorm.operator.monitoring.Dashboard.Row;
import io.tickstorm.operator.monitoring.Dashboard.Variable;
import java.util.List;

/** The dashboards: the fleet, from which one goes to one cluster, and from there to a change of its version. */
final class Dashboards {
    private Dashboards() {}

    static List<Dashboard> all() {
        return List.of(fleet(), cluster(), rollout());
    }

    private static Dashboard fleet() {
        var proxies = "namespace=~\"$namespace\"";
        var clusters = "cluster_namespace=~\"$namespace\"";
        return new Dashboard(
                "fleet",
                "Tick-Storm / Fleet",
                List.of(new Variable(
                        "namespace", "Namespace", "label_values(tick_storm_active_connections, namespace)", true)),
                List.of(
                        new Row(
                                "Now",
                                List.of(
                                        number(
                                                "Clusters",
                                                "Clusters that the leading operator looks after.",
                                                "short",
                                                query("max(tick_storm_operator_clusters)", "clusters")),
                                        number(
                                                        "Serve nobody",
                                                        "Clusters whose condition Available is not True: no backend or no proxy is ready.",
                                                        "short",
                                                        query(without("Available", clusters, "0"), "clusters"))
                                                .red(1),
                                        number(
                                                        "Degraded",
                                                        "Clusters whose condition Degraded is True; its message says what is wrong and what to do.",
                                                        "short",
                                                        query(without("Degraded", clusters, "1"), "clusters"))
                                                .orange(1),
                                        number(
                                                "Requests",
                                                "HTTP answers to clients, a second.",
                                                "reqps",
                                                query(
                                                        "sum(" + rate("tick_storm_requests_total", proxies) + ")",
                                                        "requests")),
                                        number(
                                                        "Errors",
                                                        "Share of the answers that are errors of servers (5xx), our own included.",
                                                        "percentunit",
                                                        query(errors("", proxies), "5xx"))
                                                .orange(0.01)
                                                .red(0.05),
                                        number(
                                                "Connections",
                                                "Connections of clients that are open.",
                                                "short",
                                                query(
                                                        "sum(" + of("tick_storm_active_connections", proxies) + ")",
                                                        "open")))),
                        new Row(
                                "Clusters",
                                List.of(
                                        graph(
                                                "Requests",
                                                "HTTP answers to clients, a second, by cluster.",
                                                "reqps",
                                                query(
                                                        "sum by (namespace, job) ("
                                                                + rate("tick_storm_requests_total", proxies) + ")",
                                                        "{{namespace}}/{{job}}")),
                                        graph(
                                                        "Errors",
                                                        "Share of the answers that are errors of servers (5xx), by cluster. TickStormErrors fires above 5 %.",
                                                        "percentunit",
                                                        query(
                                                                errors("by (namespace, job) ", proxies),
                                                                "{{namespace}}/{{job}}"))
                                                .orange(0.01)
                                                .red(0.05),
                                        graph(
                                                "Latency, p99",
                                                "From the beginning of an attempt to the head of its answer; one in a hundred takes longer. What is high here is slow behind the proxies.",
                                                "s",
                                                query(
                                                        quantile("0.99", "namespace, job", proxies),
                                                        "{{namespace}}/{{job}}")),
                                        graph(
                                                "Connections",
                                                "Connections of clients that are open, by cluster: what proxies are scaled on.",
                                                "short",
                                                query(
                                                        "sum by (namespace, job) ("
                                                                + of("tick_storm_active_connections", proxies) + ")",
                                                        "{{namespace}}/{{job}}")),
                                        graph(
                                                        "Retries",
                                                        "Attempts after the first one, for each request. TickStormRetries fires above 10 %.",
                                                        "percentunit",
                                                        query(
                                                                "sum by (namespace, job) ("
                                                                        + rate("tick_storm_retries_total", proxies)
                                                                        + ") / sum by (namespace, job) ("
                                                                        + rate("tick_storm_requests_total", proxies)
                                                                        + ")",
                                                                "{{namespace}}/{{job}}"))
                                                .orange(0.1),
                                        graph(
                                                        "Held back",
                                                        "Endpoints that get no new work, by reason, as the proxy sees it that holds back most. Reasons but not_ready and draining say that something is wrong with them.",
                                                        "short",
                                                        query(
                                                                "max by (namespace, job, reason) (sum by (namespace, job, pod, reason) ("
                                                                        + of("tick_storm_upstream_held", proxies)
                                                                        + "))",
                                                                "{{namespace}}/{{job}} {{reason}}"))
                                                .orange(1),
                                        graph(
                                                        "Age of discovery",
                                                        "Since the endpoints were last known to be true. It grows while the API server cannot be reached; the last good ones stay in use.",
                                                        "s",
                                                        query(
                                                                "max by (namespace, job) ("
                                                                        + of(
                                                                                "tick_storm_discovery_age_seconds",
                                                                                proxies)
                                                                        + ")",
                                                                "{{namespace}}/{{job}}"))
                                                .orange(120),
                                        graph(
                                                        "Configuration refused",
                                                        "Proxies that refuse their new configuration and work by the former one.",
                                                        "short",
                                                        query(
                                                                "sum by (namespace, job) ("
                                                                        + of(
                                                                                "tick_storm_configuration_refused",
                                                                                proxies)
                                                                        + ")",
                                                                "{{namespace}}/{{job}}"))
                                                .orange(1),
                                        graph(
                                                "Pods that are ready",
                                                "Backends and proxies that take traffic, as the operator counts them.",
                                                "short",
                                                query(
                                                        "max by (cluster_namespace, cluster_name, component) ("
                                                                + of("tick_storm_operator_pods_ready", clusters) + ")",
                                                        "{{cluster_namespace}}/{{cluster_name}} {{component}}")))),
                        new Row(
                                "Operator",
                                List.of(
                                        graph(
                                                "Leading",
                                                "Which process of the operator leads: exactly one is at 1.",
                                                "short",
                                                query("sum by (pod) (tick_storm_operator_leading)", "{{pod}}")),
                                        graph(
                                                "Passes",
                                                "Passes over one cluster, a second, by how they ended. Those that failed are tried again.",
                                                "ops",
                                                query(
                                                        "sum by (result) (rate(tick_storm_operator_reconcile_seconds_count[$__rate_interval]))",
                                                        "{{result}}")),
                                        graph(
                                                        "Time of a pass",
                                                        "Mean time of a pass: some fifteen requests to the API server. What is slow here is the API server.",
                                                        "s",
                                                        query(
                                                                "sum(rate(tick_storm_operator_reconcile_seconds_sum[$__rate_interval]))"
                                                                        + " / sum(rate(tick_storm_operator_reconcile_seconds_count[$__rate_interval]))",
                                                                "mean"))
                                                .orange(5)))));
    }

    private static Dashboard cluster() {
        var proxies = "namespace=~\"$namespace\", job=~\"$job\"";
        return new Dashboard(
                "cluster",
                "Tick-Storm / Cluster",
                List.of(
                        new Variable(
                                "namespace",
                                "Namespace",
                                "label_values(tick_storm_active_connections, namespace)",
                                false),
                        new Variable(
                                "job",
                                "Cluster",
                                "label_values(tick_storm_active_connections{namespace=~\"$namespace\"}, job)",
                                false)),
                List.of(
                        new Row(
                                "Traffic",
                                List.of(
                                        graph(
                                                "Requests",
                                                "HTTP answers to clients, by the first digit of the status.",
                                                "reqps",
                                                query(
                                                        "sum by (class) (" + rate("tick_storm_requests_total", proxies)
                                                                + ")",
                                                        "{{class}}")),
                                        graph(
                                                        "Errors",
                                                        "Share of the requests that were answered with 5xx, and of those that nobody could take. TickStormErrors fires above 5 %, TickStormUnserved above nothing.",
                                                        "percentunit",
                                                        query(errors("", proxies), "5xx"),
                                                        query(
                                                                "sum(" + rate("tick_storm_unserved_total", proxies)
                                                                        + ") / sum("
                                                                        + rate("tick_storm_requests_total", proxies)
                                                                        + ")",
                                                                "unserved"))
                                                .orange(0.01)
                                                .red(0.05),
                                        graph(
                                                "Latency of endpoints",
                                                "From the beginning of an attempt to the head of its answer; failed attempts are left out.",
                                                "s",
                                                query(quantile("0.5", "", proxies), "p50"),
                                                query(quantile("0.99", "", proxies), "p99")),
                                        graph(
                                                "Connections",
                                                "Connections of clients that are open, by proxy: what proxies are scaled on.",
                                                "short",
                                                query(
                                                        "sum by (pod) (" + of("tick_storm_active_connections", proxies)
                                                                + ")",
                                                        "{{pod}}")),
                                        graph(
                                                        "Connections turned away",
                                                        "Because maxConnections were open, or because they came faster than maxConnectionRate. TickStormSaturated fires when the former lasts.",
                                                        "cps",
                                                        query(
                                                                "sum by (listener) ("
                                                                        + rate(
                                                                                "tick_storm_connections_refused_total",
                                                                                proxies)
                                                                        + ")",
                                                                "{{listener}}: maxConnections"),
                                                        query(
                                                                "sum by (listener) ("
                                                                        + rate(
                                                                                "tick_storm_connections_over_rate_total",
                                                                                proxies)
                                                                        + ")",
                                                                "{{listener}}: maxConnectionRate"))
                                                .orange(0.01),
                                        graph(
                                                "Bytes",
                                                "From clients and to clients.",
                                                "Bps",
                                                query(
                                                        "sum by (direction) (" + rate("tick_storm_bytes_total", proxies)
                                                                + ")",
                                                        "{{direction}}")),
                                        graph(
                                                "Clients that left",
                                                "Requests whose client left before the answer was complete, and answers that an endpoint ended early.",
                                                "reqps",
                                                query(
                                                        "sum(" + rate("tick_storm_cancelled_total", proxies) + ")",
                                                        "cancelled"),
                                                query(
                                                        "sum(" + rate("tick_storm_truncated_total", proxies) + ")",
                                                        "truncated")))),
                        new Row(
                                "Endpoints",
                                List.of(
                                        graph(
                                                "Endpoints",
                                                "Those that discovery names, and those that nothing holds back, as the proxy sees it that sees least.",
                                                "short",
                                                query(
                                                        "max by (backend) ("
                                                                + of("tick_storm_backend_upstreams", proxies) + ")",
                                                        "{{backend}}: all"),
                                                query(
                                                        "min by (backend) ("
                                                                + of("tick_storm_backend_upstreams_available", proxies)
                                                                + ")",
                                                        "{{backend}}: available")),
                                        graph(
                                                        "Held back",
                                                        "Proxies that give an endpoint no new work, by reason. TickStormEjected fires after ten minutes of ejected, circuit_open, failed_check or unreachable.",
                                                        "short",
                                                        query(
                                                                "sum by (upstream, reason) ("
                                                                        + of("tick_storm_upstream_held", proxies) + ")",
                                                                "{{upstream}}: {{reason}}"))
                                                .orange(1),
                                        graph(
                                                        "Panic",
                                                        "1 while too few endpoints are well, so that all that can be reached get work.",
                                                        "short",
                                                        query(
                                                                "max by (backend) ("
                                                                        + of("tick_storm_backend_panic", proxies) + ")",
                                                                "{{backend}}"))
                                                .red(1),
                                        graph(
                                                "In flight",
                                                "Attempts that run on each endpoint now: under least connections about as many on each.",
                                                "short",
                                                query(
                                                        "sum by (upstream) ("
                                                                + of("tick_storm_upstream_in_flight", proxies) + ")",
                                                        "{{upstream}}")),
                                        graph(
                                                        "Queued",
                                                        "Requests and connections that wait for an endpoint with room. TickStormQueueing fires when there is always a line.",
                                                        "short",
                                                        query(
                                                                "sum by (backend) ("
                                                                        + of("tick_storm_backend_queued", proxies)
                                                                        + ")",
                                                                "{{backend}}"))
                                                .orange(1),
                                        graph(
                                                "Spread",
                                                "Attempts, by endpoint.",
                                                "reqps",
                                                query(
                                                        "sum by (upstream) ("
                                                                + rate("tick_storm_upstream_requests_total", proxies)
                                                                + ")",
                                                        "{{upstream}}")),
                                        graph(
                                                        "Failures",
                                                        "Attempts that failed: 5xx, resets, timeouts, and connections that could not be had.",
                                                        "reqps",
                                                        query(
                                                                "sum by (upstream) ("
                                                                        + rate(
                                                                                "tick_storm_upstream_failures_total",
                                                                                proxies)
                                                                        + ")",
                                                                "{{upstream}}"))
                                                .orange(0.1),
                                        graph(
                                                "Retries",
                                                "Attempts after the first one of a request, and those that run on the budget now.",
                                                "short",
                                                query(
                                                        "sum(" + rate("tick_storm_retries_total", proxies) + ")",
                                                        "a second"),
                                                query(
                                                        "sum(" + of("tick_storm_retry_budget_running", proxies) + ")",
                                                        "on the budget")),
                                        graph(
                                                        "Age of discovery",
                                                        "Since the endpoints were last known to be true, by proxy.",
                                                        "s",
                                                        query(
                                                                "max by (pod, backend) ("
                                                                        + of(
                                                                                "tick_storm_discovery_age_seconds",
                                                                                proxies)
                                                                        + ")",
                                                                "{{pod}} {{backend}}"))
                                                .orange(120))),
                        new Row(
                                "Proxies",
                                List.of(
                                        graph(
                                                        "CPU",
                                                        "Share of the CPUs that the process may use; above 0.7 the autoscaler adds proxies.",
                                                        "percentunit",
                                                        query(
                                                                "max by (pod) (" + of("process_cpu_usage", proxies)
                                                                        + ")",
                                                                "{{pod}}"))
                                                .orange(0.7)
                                                .red(0.9),
                                        graph(
                                                "Heap",
                                                "Memory of the JVM that is in use.",
                                                "bytes",
                                                query(
                                                        "sum by (pod) ("
                                                                + of(
                                                                        "jvm_memory_used_bytes",
                                                                        proxies + ", area=\"heap\"")
                                                                + ")",
                                                        "{{pod}}")),
                                        graph(
                                                "Configurations",
                                                "How many proxies run by each configuration: one line but for a moment after a change. Below it, those that refuse a newer one.",
                                                "short",
                                                query(
                                                        "count by (hash) ("
                                                                + of("tick_storm_configuration_info", proxies) + ")",
                                                        "{{hash}}"),
                                                query(
                                                        "sum(" + of("tick_storm_configuration_refused", proxies) + ")",
                                                        "refused"))))));
    }

    private static Dashboard rollout() {
        var cluster = "cluster_namespace=\"$namespace\", cluster_name=\"$cluster\"";
        var proxies = "namespace=\"$namespace\", job=\"$cluster-metrics\"";
        return new Dashboard(
                "rollout",
                "Tick-Storm / Rollout",
                List.of(
                        new Variable(
                                "namespace",
                                "Namespace",
                                "label_values(tick_storm_operator_rollout_weight, cluster_namespace)",
                                false),
                        new Variable(
                                "cluster",
                                "Cluster",
                                "label_values(tick_storm_operator_rollout_weight{cluster_namespace=\"$namespace\"}, cluster_name)",
                                false)),
                List.of(
                        new Row(
                                "Change of versions",
                                List.of(
                                        graph(
                                                "Phase",
                                                "The phase at 1 is where the change is. Aborted stays until the specification asks for another version.",
                                                "short",
                                                query(
                                                        "max by (phase) ("
                                                                + of("tick_storm_operator_rollout_phase", cluster)
                                                                + ")",
                                                        "{{phase}}")),
                                        graph(
                                                "Weight",
                                                "Percent of the traffic that the version of the specification gets.",
                                                "percent",
                                                query(
                                                        "max(" + of("tick_storm_operator_rollout_weight", cluster)
                                                                + ")",
                                                        "new version")),
                                        graph(
                                                "Conditions",
                                                "Progressing is at 1 while pods or traffic are on their way, Degraded while something is wrong.",
                                                "short",
                                                query(
                                                        "max by (type) ("
                                                                + of("tick_storm_operator_cluster_condition", cluster)
                                                                + ")",
                                                        "{{type}}")))),
                        new Row(
                                "Versions side by side",
                                List.of(
                                        graph(
                                                "Attempts",
                                                "By version: the proxies know the pods of each as a backend of its own.",
                                                "reqps",
                                                query(
                                                        "sum by (backend) ("
                                                                + rate("tick_storm_upstream_requests_total", proxies)
                                                                + ")",
                                                        "{{backend}}")),
                                        graph(
                                                        "Failures",
                                                        "Share of the attempts that failed, by version: what a canary is judged by.",
                                                        "percentunit",
                                                        query(
                                                                "sum by (backend) ("
                                                                        + rate(
                                                                                "tick_storm_upstream_failures_total",
                                                                                proxies)
                                                                        + ") / sum by (backend) ("
                                                                        + rate(
                                                                                "tick_storm_upstream_requests_total",
                                                                                proxies)
                                                                        + ")",
                                                                "{{backend}}"))
                                                .orange(0.01)
                                                .red(0.05),
                                        graph(
                                                "Latency, p99",
                                                "To the head of the answer, by version: the other thing that a canary is judged by.",
                                                "s",
                                                query(quantile("0.99", "backend", proxies), "{{backend}}")),
                                        graph(
                                                "Endpoints",
                                                "Pods of each version that nothing holds back, as the proxy sees it that sees least.",
                                                "short",
                                                query(
                                                        "min by (backend) ("
                                                                + of("tick_storm_backend_upstreams_available", proxies)
                                                                + ")",
                                                        "{{backend}}")),
                                        graph(
                                                "Leaving and coming",
                                                "Endpoints that are not ready yet, and those that finish what they have.",
                                                "short",
                                                query(
                                                        "max by (reason) (sum by (pod, reason) ("
                                                                + of(
                                                                        "tick_storm_upstream_held",
                                                                        proxies + ", reason=~\"draining|not_ready\"")
                                                                + "))",
                                                        "{{reason}}")))),
                        new Row(
                                "Pods",
                                List.of(
                                        graph(
                                                "Pods",
                                                "Backends and proxies that there are, and those that take traffic.",
                                                "short",
                                                query(
                                                        "max by (component) (" + of("tick_storm_operator_pods", cluster)
                                                                + ")",
                                                        "{{component}}: all"),
                                                query(
                                                        "max by (component) ("
                                                                + of("tick_storm_operator_pods_ready", cluster) + ")",
                                                        "{{component}}: ready")),
                                        graph(
                                                "Proxies by configuration",
                                                "A step counts only when every proxy runs by the configuration with its weights: when there is one line.",
                                                "short",
                                                query(
                                                        "count by (hash) ("
                                                                + of("tick_storm_configuration_info", proxies) + ")",
                                                        "{{hash}}")),
                                        graph(
                                                "Proxies that end",
                                                "Proxies that have been asked to end and finish what they have.",
                                                "short",
                                                query(
                                                        "sum(" + of("tick_storm_draining", proxies) + ")",
                                                        "draining"))))));
    }

    private static String of(String metric, String matchers) {
        return metric + "{" + matchers + "}";
    }

    private static String rate(String metric, String matchers) {
        return "rate(" + of(metric, matchers) + "[$__rate_interval])";
    }

    private static String errors(String by, String matchers) {
        var failed = "sum " + by + "(" + rate("tick_storm_requests_total", matchers + ", class=\"5xx\"") + ")";
        return failed + " / sum " + by + "(" + rate("tick_storm_requests_total", matchers) + ")";
    }

    private static String quantile(String share, String by, String matchers) {
        var labels = by.isEmpty() ? "le" : "le, " + by;
        return "histogram_quantile(" + share + ", sum by (" + labels + ") ("
                + rate("tick_storm_upstream_latency_seconds_bucket", matchers) + "))";
    }

    /** How many clusters have the condition at this value; no answer is none. */
    private static String without(String condition, String matchers, String value) {
        return "count(max by (cluster_namespace, cluster_name) ("
                + of("tick_storm_operator_cluster_condition", matchers + ", type=\"" + condition + "\"") + ") == "
                + value
                + ") or vector(0)";
    }
}
