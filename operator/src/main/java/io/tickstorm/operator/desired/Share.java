package io.tickstorm.operator.desired;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One of those that serve a backend port.
 *
 * @param backend what the proxies call it, in metrics as well; unique in their configuration
 * @param discovery where its endpoints are, in the proxy's words
 * @param weight its share beside the others of the same port, 0 to 1000; 0 = nothing. Not all of them are 0
 */
public record Share(String backend, Map<String, Object> discovery, int weight) {
    private static final int MOST = 1000;

    public Share {
        if (weight < 0 || weight > MOST) {
            throw new IllegalArgumentException("weight of " + backend + ": " + weight + " (expected: 0.." + MOST + ")");
        }
        discovery = Collections.unmodifiableMap(new LinkedHashMap<>(discovery));
    }

    /**
     * Those who a Service of Kubernetes finds.
     *
     * @param port name of the Service's port
     */
    public static Share ofService(String backend, String service, String namespace, String port) {
        return ofService(backend, service, namespace, port, 1);
    }

    /** As {@link #ofService(String, String, String, String)}, with a weight. */
    public static Share ofService(String backend, String service, String namespace, String port, int weight) {
        var kubernetes = new LinkedHashMap<String, Object>();
        kubernetes.put("service", service);
        kubernetes.put("namespace", namespace);
        kubernetes.put("port", port);
        return new Share(backend, Map.of("kubernetes", kubernetes), weight);
    }

    /** As an item of {@code backends} of a listener. */
    Map<String, Object> words() {
        var words = new LinkedHashMap<String, Object>();
        words.put("name", backend);
        words.put("weight", weight);
        return words;
    }
}
