package io.tickstorm.operator.monitoring;

import static io.tickstorm.operator.monitoring.Panel.graph;
import static io.tickstorm.operator.monitoring.Panel.query;
import static io.tickstorm.operator.monitoring.Promql.of;
import static io.tickstorm.operator.monitoring.Promql.quantile;
import static io.tickstorm.operator.monitoring.Promql.rate;

import io.tickstorm.operator.monitoring.Dashboard.Row;
import io.tickstorm.operator.monitoring.Dashboard.Variable;
import java.util.List;

/** A change of version: the old one beside the new one. */
final class RolloutDashboard {
    private RolloutDashboard() {}

    static Dashboard make() {
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
}
