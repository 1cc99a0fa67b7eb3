package io.tickstorm.operator.local;

import io.tickstorm.operator.crd.TickStormCluster;
import io.tickstorm.operator.desired.ProxyConfiguration;
import io.tickstorm.operator.desired.Share;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The proxies' configuration of a cluster, with endpoints from a file and ports of this machine. */
final class LocalConfiguration {
    private LocalConfiguration() {}

    /**
     * As in a cluster, but for the discovery.
     *
     * @throws IllegalArgumentException if the resource asks for what only Kubernetes has
     */
    static Map<String, Object> of(TickStormCluster cluster, Path endpoints) {
        var secrets = ProxyConfiguration.secrets(cluster).keySet();
        if (!secrets.isEmpty()) {
            throw new IllegalArgumentException(
                    "spec.loadBalancer: Secrets " + secrets + " (expected: none, since this machine has no Secrets)");
        }
        for (var backend : cluster.getSpec().loadBalancer().backends()) {
            if (backend.words().get("discovery") instanceof Map<?, ?> discovery
                    && discovery.containsKey("kubernetes")) {
                throw new IllegalArgumentException("spec.loadBalancer.backends: the discovery of " + backend.name()
                        + " is kubernetes (expected: static or dns, since this machine is no cluster)");
            }
        }
        return ProxyConfiguration.tree(cluster, port -> {
            var file = new LinkedHashMap<String, Object>();
            file.put("path", endpoints.toString());
            file.put("port", port);
            return List.of(new Share(port, Map.of("file", file), 1));
        });
    }

    /** For one process: everything that {@code configuration} has, on the ports that this process shall have. */
    static Map<String, Object> of(Map<String, Object> configuration, Map<String, Integer> ports) {
        var local = new LinkedHashMap<>(configuration);
        if (configuration.get("listeners") instanceof List<?> listeners) {
            local.put(
                    "listeners",
                    listeners.stream().map(listener -> moved(listener, ports)).toList());
        }
        for (var own : List.of("health", "admin", "metrics")) {
            local.put(own, bind(ports.getOrDefault(own, 0)));
        }
        return local;
    }

    private static Map<String, Object> moved(Object listener, Map<String, Integer> ports) {
        var moved = new LinkedHashMap<String, Object>();
        if (listener instanceof Map<?, ?> words) {
            words.forEach((key, value) -> moved.put(String.valueOf(key), value));
        }
        moved.putAll(bind(ports.getOrDefault(String.valueOf(moved.get("name")), 0)));
        return moved;
    }

    private static Map<String, Object> bind(int port) {
        var bind = new LinkedHashMap<String, Object>();
        bind.put("address", NodePort.LOOPBACK);
        bind.put("port", port);
        return bind;
    }
}
