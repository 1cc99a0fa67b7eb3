package io.tickstorm.operator.reconcile;

import io.tickstorm.operator.desired.Defaults;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What the operator's environment says.
 *
 * @param defaults for clusters that name no images
 * @param namespaces what is watched, from WATCH_NAMESPACE: names by commas; empty or * = all of them
 * @param leaderElection whether to wait for the lease before doing anything, from LEADER_ELECTION (true)
 * @param leaseNamespace where the lease is, from POD_NAMESPACE
 * @param leaseOwner the Role of that namespace with which the lease goes, from LEASE_OWNER; empty = it stays
 * @param identity who holds the lease
 * @param probesPort where probes are answered, from PROBES_PORT (8081); 0 = any free port
 * @param metricsPort where metrics are, from METRICS_PORT (9090); 0 = any free port
 */
public record OperatorSettings(
        Defaults defaults,
        List<String> namespaces,
        boolean leaderElection,
        String leaseNamespace,
        String leaseOwner,
        String identity,
        int probesPort,
        int metricsPort) {
    private static final String PROBES_PORT = "8081";
    private static final String METRICS_PORT = "9090";
    private static final int GREATEST_PORT = 65_535;

    public OperatorSettings {
        namespaces = List.copyOf(namespaces);
    }

    /**
     * Reads the environment.
     *
     * @throws IllegalArgumentException if a variable is missing or wrong
     */
    public static OperatorSettings from(Map<String, String> environment, String identity) {
        return new OperatorSettings(
                Defaults.from(environment),
                namespaces(environment.getOrDefault("WATCH_NAMESPACE", "")),
                leaderElection(environment.getOrDefault("LEADER_ELECTION", "true")),
                environment.getOrDefault("POD_NAMESPACE", "default"),
                environment.getOrDefault("LEASE_OWNER", ""),
                identity,
                port("PROBES_PORT", environment.getOrDefault("PROBES_PORT", PROBES_PORT)),
                port("METRICS_PORT", environment.getOrDefault("METRICS_PORT", METRICS_PORT)));
    }

    private static List<String> namespaces(String list) {
        var names = Arrays.stream(list.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .distinct()
                .toList();
        return names.contains("*") ? List.of() : names;
    }

    private static boolean leaderElection(String word) {
        return switch (word) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw new IllegalArgumentException(
                        "environment variable LEADER_ELECTION: " + word + " (expected: true or false)");
        };
    }

    private static int port(String variable, String number) {
        try {
            int port = Integer.parseInt(number);
            if (port >= 0 && port <= GREATEST_PORT) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Said below, with what was expected.
        }
        throw new IllegalArgumentException(
                "environment variable " + variable + ": " + number + " (expected: 0.." + GREATEST_PORT + ")");
    }
}
