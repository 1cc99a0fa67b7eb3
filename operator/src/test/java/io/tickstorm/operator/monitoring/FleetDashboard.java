package io.tickstorm.operator.monitoring;

import static io.tickstorm.operator.monitoring.Panel.graph;
import static io.tickstorm.operator.monitoring.Panel.number;
import static io.tickstorm.operator.monitoring.Panel.query;
import static io.tickstorm.operator.monitoring.Promql.errors;
import static io.tickstorm.operator.monitoring.Promql.of;
import static io.tickstorm.operator.monitoring.Promql.quantile;
import static io.tickstorm.operator.monitoring.Promql.rate;
import static io.tickstorm.operator.monitoring.Promql.without;

import io.tickstorm.operator.monitoring.Dashboard.Row;
import io.tickstorm.operator.monitoring.Dashboard.Variable;
import java.util.List;

/** All clusters of a fleet: which one wants a look. */
final class FleetDashboard {
    private FleetDashboard() {}

    static Dashboard make() {
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
}
