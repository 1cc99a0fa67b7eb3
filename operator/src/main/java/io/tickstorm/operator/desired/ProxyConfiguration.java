package io.tickstorm.operator.desired;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tickstorm.operator.crd.ListenerSpec;
import io.tickstorm.operator.crd.LoadBalancerSpec;
import io.tickstorm.operator.crd.TickStormCluster;
import io.tickstorm.proxy.settings.Yaml;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The proxies' configuration, {@code proxy.yaml}: the resource's words for listeners and policies are the proxy's own and go over as they are. */
public final class ProxyConfiguration {
    /** What is the resource's own in a listener; the rest is the proxy's. */
    private static final List<String> NOT_THE_PROXYS = List.of("nodePort", "backendPort");

    private static final ObjectMapper WORDS = JsonMapper.builder()
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .build();
    private static final TypeReference<LinkedHashMap<String, Object>> MAPPING = new TypeReference<>() {};

    private ProxyConfiguration() {}

    /** The configuration of the proxies in Kubernetes: they find their endpoints by the slices of the backend Services, and share what comes in among the versions that run. */
    static String forKubernetes(TickStormCluster cluster, Tracks tracks) {
        return Yaml.write(tree(cluster, port -> tracks.shares(cluster, port)));
    }

    /**
     * The configuration as a tree that may be changed.
     *
     * @param cluster without problems
     * @param sources from the name of a backend port to those that serve it, one at least; where several do, what comes in is shared by their weights
     */
    public static Map<String, Object> tree(TickStormCluster cluster, Function<String, List<Share>> sources) {
        var spec = cluster.getSpec();
        var balancer = spec.loadBalancer();
        var ports = spec.backend().ports();
        var listeners = new ArrayList<Map<String, Object>>();
        var backends = new LinkedHashMap<String, Map<String, Object>>();
        for (var listener : Listeners.of(spec)) {
            var shares = sources.apply(Listeners.judgedBackendPort(listener, ports));
            listeners.add(listener(listener, shares));
            for (var share : shares) {
                backends.computeIfAbsent(share.backend(), name -> backend(share, balancer));
            }
        }
        var tree = new LinkedHashMap<String, Object>();
        tree.put("listeners", listeners);
        tree.put("backends", new ArrayList<>(backends.values()));
        put(tree, "drain", balancer.drain());
        tree.put("health", port(Proxies.HEALTH_PORT));
        tree.put("admin", port(Proxies.ADMIN_PORT));
        tree.put("metrics", port(Proxies.METRICS_PORT));
        put(tree, "accessLog", balancer.accessLog());
        return tree;
    }

    private static Map<String, Object> backend(Share share, LoadBalancerSpec balancer) {
        var backend = new LinkedHashMap<String, Object>();
        backend.put("name", share.backend());
        backend.put("discovery", share.discovery());
        put(backend, "balancing", balancer.balancing());
        put(backend, "healthCheck", balancer.healthCheck());
        put(backend, "retries", balancer.retries());
        put(backend, "circuitBreaker", balancer.circuitBreaker());
        put(backend, "outlierEjection", balancer.outlierEjection());
        put(backend, "limits", balancer.limits());
        put(backend, "stickiness", balancer.stickiness());
        return backend;
    }

    /** A listener in the proxy's words. */
    private static Map<String, Object> listener(ListenerSpec listener, List<Share> shares) {
        var words = new LinkedHashMap<>(words(listener));
        words.keySet().removeAll(NOT_THE_PROXYS);
        if (shares.size() == 1) {
            words.put("backend", shares.getFirst().backend());
        } else {
            words.put("backends", shares.stream().map(Share::words).toList());
        }
        return words;
    }

    /** A part of the resource as the mapping that a user could have written. */
    static Map<String, Object> words(Object part) {
        return WORDS.convertValue(part, MAPPING);
    }

    private static void put(Map<String, Object> into, String key, @Nullable Object part) {
        if (part != null) {
            into.put(key, words(part));
        }
    }

    private static Map<String, Object> port(int port) {
        var mapping = new LinkedHashMap<String, Object>();
        mapping.put("port", port);
        return mapping;
    }
}
