package io.tickstorm.operator.metricsapi;

import java.util.Map;

/**
 * What the operator's environment says about the metrics that it serves.
 *
 * @param name of the Service that leads here, of the Secret with the certificates and of the ClusterRole that owns the APIServices, from CUSTOM_METRICS; empty = nothing is
 *     served
 * @param namespace of that Service and Secret, from POD_NAMESPACE
 * @param port where it is served, from CUSTOM_METRICS_PORT (6443); 0 = any free port
 */
public record MetricsApiSettings(String name, String namespace, int port) {
    private static final String PORT = "6443";
    private static final int GREATEST_PORT = 65_535;

    /**
     * Reads the environment.
     *
     * @throws IllegalArgumentException if a variable is wrong
     */
    public static MetricsApiSettings from(Map<String, String> environment) {
        return new MetricsApiSettings(
                environment.getOrDefault("CUSTOM_METRICS", "").strip(),
                environment.getOrDefault("POD_NAMESPACE", "default"),
                port(environment.getOrDefault("CUSTOM_METRICS_PORT", PORT)));
    }

    /** Nothing is served. */
    public static MetricsApiSettings off() {
        return new MetricsApiSettings("", "default", 0);
    }

    public boolean enabled() {
        return !name.isEmpty();
    }

    /** The name that the API server verifies. */
    String host() {
        return name + "." + namespace + ".svc";
    }

    private static int port(String number) {
        try {
            int port = Integer.parseInt(number);
            if (port >= 0 && port <= GREATEST_PORT) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Said below, with what was expected.
        }
        throw new IllegalArgumentException(
                "environment variable CUSTOM_METRICS_PORT: " + number + " (expected: 0.." + GREATEST_PORT + ")");
    }
}
