package io.tickstorm.cli.fleet;

import io.tickstorm.cli.fleet.ProxyState.Backend;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A backend as the proxies that answered know it.
 *
 * @param seen by the name of the proxy
 */
public record BackendSum(String name, Map<String, Backend> seen, List<UpstreamSum> upstreams) {
    public String policy() {
        return seen.values().iterator().next().policy();
    }

    public long inFlight() {
        return seen.values().stream().mapToLong(Backend::inFlight).sum();
    }

    public long waiting() {
        return seen.values().stream().mapToLong(Backend::waiting).sum();
    }

    /** All backends that these proxies have, in the order of the first that names each. */
    static List<BackendSum> of(Map<String, ProxyState> states) {
        var found = new LinkedHashMap<String, Map<String, Backend>>();
        states.forEach((proxy, state) -> state.backends()
                .forEach(backend -> found.computeIfAbsent(backend.name(), name -> new LinkedHashMap<>())
                        .put(proxy, backend)));
        var sums = new ArrayList<BackendSum>();
        found.forEach((name, seen) -> sums.add(new BackendSum(name, seen, upstreams(seen))));
        return List.copyOf(sums);
    }

    private static List<UpstreamSum> upstreams(Map<String, Backend> seen) {
        var found = new TreeMap<String, UpstreamSum>();
        seen.forEach((proxy, backend) -> backend.upstreams()
                .forEach(upstream -> found.computeIfAbsent(
                                upstream.name() + " " + upstream.address(),
                                key -> new UpstreamSum(upstream.name(), upstream.address(), new LinkedHashMap<>()))
                        .seen()
                        .put(proxy, upstream)));
        return List.copyOf(found.values());
    }

    Map<String, Object> tree() {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("name", name);
        tree.put("policy", policy());
        var modes = new LinkedHashMap<String, Object>();
        seen.forEach((proxy, backend) -> modes.put(proxy, backend.mode()));
        tree.put("modes", modes);
        tree.put("inFlight", inFlight());
        tree.put("waiting", waiting());
        tree.put("upstreams", upstreams.stream().map(UpstreamSum::tree).toList());
        return tree;
    }
}
