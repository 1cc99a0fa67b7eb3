package io.tickstorm.operator.monitoring;

import static io.tickstorm.operator.monitoring.Panel.graph;
import static io.tickstorm.operator.monitoring.Panel.query;
import static io.tickstorm.operator.monitoring.Promql.errors;
import static io.tickstorm.operator.monitoring.Promql.of;
import static io.tickstorm.operator.monitoring.Promql.quantile;
import static io.tickstorm.operator.monitoring.Promql.rate;

import io.tickstorm.operator.monitoring.Dashboard.Row;
import io.tickstorm.operator.monitoring.Dashboard.Variable;
import java.util.List;

/** One cluster: its clients, its proxies and each of its backends. */
final class ClusterDashboard {
    private ClusterDashboard() {}

    static Dashboard make() {
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
}
