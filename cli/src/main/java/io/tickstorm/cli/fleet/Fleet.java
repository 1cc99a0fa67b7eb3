package io.tickstorm.cli.fleet;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A cluster at one moment, as it and its proxies told.
 *
 * @param place where it was read, in words
 * @param standing null where no resource is, as in a local run
 * @param proxies those that did not answer included
 * @param pods of the backends
 */
public record Fleet(
        String place,
        String cluster,
        @Nullable Standing standing,
        List<Proxy> proxies,
        List<BackendSum> backends,
        List<Pod> pods) {

    static Fleet of(String place, Site site, List<Proxy> proxies) {
        var states = new LinkedHashMap<String, ProxyState>();
        proxies.forEach(proxy -> {
            if (proxy.state() != null) {
                states.put(proxy.name(), Objects.requireNonNull(proxy.state()));
            }
        });
        var resource = site.resource();
        return new Fleet(
                place,
                site.cluster(),
                resource == null ? null : new Standing(resource),
                List.copyOf(proxies),
                BackendSum.of(states),
                site.pods().stream().filter(pod -> pod.role() == Role.BACKEND).toList());
    }

    /** Those that answered. */
    public List<Proxy> answering() {
        return proxies.stream().filter(proxy -> proxy.state() != null).toList();
    }

    /** Whether its sums leave nothing out. */
    public boolean whole() {
        return answering().size() == proxies.size();
    }

    /** Client connections at the proxies that answered. */
    public long connections() {
        return states().stream().mapToLong(ProxyState::connections).sum();
    }

    public List<ProxyState> states() {
        return proxies.stream().map(Proxy::state).filter(Objects::nonNull).toList();
    }

    /** The pod of an upstream; null if it has none here. */
    public @Nullable Pod pod(UpstreamSum upstream) {
        return pods.stream()
                .filter(pod -> pod.name().equals(upstream.name())
                        || pod.ip() != null
                                && (upstream.address().startsWith(pod.ip() + ":")
                                        || upstream.address().startsWith("[" + pod.ip() + "]:")))
                .findFirst()
                .orElse(null);
    }

    /** Pods of backends that no proxy has heard of. */
    public List<Pod> unheard() {
        var heard = backends.stream()
                .flatMap(backend -> backend.upstreams().stream())
                .map(this::pod)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
        return pods.stream().filter(pod -> !heard.contains(pod)).toList();
    }

    /** For {@code -o json} and {@code -o yaml}. */
    public Map<String, Object> tree(List<Finding> findings) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("place", place);
        tree.put("cluster", cluster);
        tree.put("well", findings.stream().noneMatch(Finding::counts));
        if (standing != null) {
            tree.put("status", standing.status().getMap());
        }
        tree.put("proxiesAnswering", answering().size());
        tree.put("proxiesThere", proxies.size());
        tree.put("connections", connections());
        tree.put("proxies", proxies.stream().map(Proxy::tree).toList());
        tree.put("backends", backends.stream().map(BackendSum::tree).toList());
        tree.put("backendPods", pods.stream().map(Pod::tree).toList());
        tree.put("findings", findings.stream().map(Finding::tree).toList());
        return tree;
    }
}
