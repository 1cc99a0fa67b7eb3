package io.tickstorm.operator.desired;

/**
 * What the cluster of Kubernetes offers beside itself, as far as objects depend on it. Pure data.
 *
 * @param connectionMetrics whether the operator serves {@code tick_storm_active_connections} of pods to autoscalers
 * @param serviceMonitors whether the API server knows the ServiceMonitor of the Prometheus operator
 * @param prometheusRules whether it knows the PrometheusRule
 */
public record Surroundings(boolean connectionMetrics, boolean serviceMonitors, boolean prometheusRules) {
    /** Plain Kubernetes. */
    public static final Surroundings NONE = new Surroundings(false, false, false);
}
