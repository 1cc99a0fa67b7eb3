package io.tickstorm.operator.monitoring;

/** What expressions of dashboards are put together of. */
final class Promql {
    private Promql() {}

    static String of(String metric, String matchers) {
        return metric + "{" + matchers + "}";
    }

    static String rate(String metric, String matchers) {
        return "rate(" + of(metric, matchers) + "[$__rate_interval])";
    }

    static String errors(String by, String matchers) {
        var failed = "sum " + by + "(" + rate("tick_storm_requests_total", matchers + ", class=\"5xx\"") + ")";
        return failed + " / sum " + by + "(" + rate("tick_storm_requests_total", matchers) + ")";
    }

    static String quantile(String share, String by, String matchers) {
        var labels = by.isEmpty() ? "le" : "le, " + by;
        return "histogram_quantile(" + share + ", sum by (" + labels + ") ("
                + rate("tick_storm_upstream_latency_seconds_bucket", matchers) + "))";
    }

    /** How many clusters have the condition at this value; no answer is none. */
    static String without(String condition, String matchers, String value) {
        return "count(max by (cluster_namespace, cluster_name) ("
                + of("tick_storm_operator_cluster_condition", matchers + ", type=\"" + condition + "\"") + ") == "
                + value
                + ") or vector(0)";
    }
}
