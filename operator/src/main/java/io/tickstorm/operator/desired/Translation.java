package io.tickstorm.operator.desired;

import io.tickstorm.operator.crd.ClusterSpec;
import io.tickstorm.operator.crd.ListenerSpec;
import io.tickstorm.operator.crd.LoadBalancerSpec;
import io.tickstorm.operator.crd.ProxyBackend;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * From the resource to the proxies' configuration. The user's words go over as they are; what the operator decides is added: where backends are found, who shares what
 * comes to a port, which files the Secrets are, and the proxies' own ports. Also takes a resource with problems: what is wrong then becomes something that the proxy's
 * reader refuses.
 */
final class Translation {
    private final ClusterSpec spec;
    private final LoadBalancerSpec balancer;
    private final Function<String, List<Share>> sources;
    private final Origins origins = new Origins();
    private final SecretFiles secrets = new SecretFiles(origins);
    /** The backend ports that something is sent to, each with those who serve it. */
    private final Map<String, List<Share>> used = new LinkedHashMap<>();

    private final Map<String, Object> tree = new LinkedHashMap<>();

    private Translation(ClusterSpec spec, Function<String, List<Share>> sources) {
        this.spec = spec;
        this.balancer = spec.loadBalancer();
        this.sources = sources;
    }

    /** @param sources from the name of a backend port to those that serve it, one at least */
    static Translation of(ClusterSpec spec, Function<String, List<Share>> sources) {
        var translation = new Translation(spec, sources);
        translation.translate();
        return translation;
    }

    /** With every port of the backend, so that whatever is said of them is read; one at least. */
    static Translation toBeJudged(ClusterSpec spec) {
        var translation = new Translation(spec, Translation::anywhere);
        var ports = spec.backend().ports().keySet();
        (ports.isEmpty() ? List.of("port") : ports).forEach(port -> {
            if (!translation.further(port)) {
                translation.used.put(port, anywhere(port));
            }
        });
        translation.translate();
        return translation;
    }

    /** As if each port had one version, wherever it is: what is wrong with a resource, and which Secrets it needs, does not hang on that. */
    static List<Share> anywhere(String port) {
        return List.of(Share.ofService(port, "backend", "default", port));
    }

    Map<String, Object> tree() {
        return tree;
    }

    Origins origins() {
        return origins;
    }

    /** The keys of Secrets that the configuration names as files, by the names of the Secrets. */
    SortedMap<String, SortedSet<String>> secrets() {
        return secrets.keys();
    }

    private void translate() {
        var listeners = new ArrayList<Map<String, Object>>();
        for (var listener : Listeners.of(spec)) {
            listeners.add(listener(listener, "listeners[" + listeners.size() + "]"));
        }
        tree.put("listeners", listeners);
        tree.put("backends", backends());
        var drain = new LinkedHashMap<String, Object>();
        drain.put("delay", balancer.drain().delay());
        drain.put("timeout", balancer.drain().timeout());
        tree.put("drain", drain);
        tree.put("health", section("health", Proxies.HEALTH_PORT));
        var admin = section("admin", Proxies.ADMIN_PORT);
        secrets.ofAdmin(admin);
        tree.put("admin", admin);
        tree.put("metrics", section("metrics", Proxies.METRICS_PORT));
        ProxyWords.OF_THE_PROCESS.forEach(word -> {
            if (balancer.words().containsKey(word)) {
                tree.putIfAbsent(word, balancer.words().get(word));
            }
        });
    }

    /** A section with a port of the proxy's own, and what the resource says in it. */
    private Map<String, Object> section(String key, int port) {
        var section = new LinkedHashMap<String, Object>();
        section.put("port", port);
        if (balancer.words().get(key) instanceof Map<?, ?> words) {
            words.forEach((word, value) -> section.putIfAbsent(String.valueOf(word), value));
        }
        return section;
    }

    private Map<String, Object> listener(ListenerSpec listener, String path) {
        var words = new LinkedHashMap<String, Object>();
        words.put("name", listener.name());
        words.put("protocol", listener.protocol().toString());
        words.put("port", listener.port());
        words.putAll(listener.words());
        secrets.ofListener(words, path);
        var routed = words.get("routes") instanceof List<?> routes && !routes.isEmpty();
        if (listener.backendPort() != null || (!named(words) && !routed)) {
            origins.put(path + ".backend", "backendPort");
            var port = Listeners.backendPort(listener, spec.backend().ports());
            if (port != null) {
                words.put("backend", port);
            }
        }
        share(words);
        if (words.get("routes") instanceof List<?> routes) {
            words.put("routes", routes.stream().map(this::route).toList());
        }
        return words;
    }

    private Object route(Object route) {
        if (!(route instanceof Map<?, ?> words)) {
            return route;
        }
        var changed = new LinkedHashMap<String, Object>();
        words.forEach((key, value) -> changed.put(String.valueOf(key), value));
        share(changed);
        return changed;
    }

    private static boolean named(Map<String, Object> words) {
        return words.containsKey("backend") || words.containsKey("backends");
    }

    /** Puts those in the place of a backend port who serve it. */
    private void share(Map<String, Object> words) {
        if (words.get("backend") instanceof String name) {
            var shares = serving(name);
            if (shares.size() > 1) {
                words.remove("backend");
                words.put("backends", shares.stream().map(Share::words).toList());
            } else if (shares.size() == 1) {
                words.put("backend", shares.getFirst().backend());
            }
        } else if (words.get("backends") instanceof List<?> given) {
            words.put("backends", Weights.multiplied(given, this::serving));
        }
    }

    /** Those who serve what goes to a backend of this name; empty if it is no port of the backend. */
    private List<Share> serving(String name) {
        return spec.backend().ports().containsKey(name) && !further(name)
                ? used.computeIfAbsent(name, sources)
                : List.of();
    }

    private boolean further(String name) {
        return balancer.backends().stream().anyMatch(backend -> name.equals(backend.name()) && backend.further());
    }

    private List<Map<String, Object>> backends() {
        for (var backend : balancer.backends()) {
            if (!backend.further()) {
                serving(String.valueOf(backend.name()));
            }
        }
        var backends = new ArrayList<Map<String, Object>>();
        used.forEach((port, shares) -> {
            for (var share : shares) {
                backends.add(backend(share, port, "backends[" + backends.size() + "]"));
            }
        });
        for (int i = 0; i < balancer.backends().size(); i++) {
            var backend = balancer.backends().get(i);
            if (backend.further() || !spec.backend().ports().containsKey(String.valueOf(backend.name()))) {
                var path = "backends[" + backends.size() + "]";
                origins.from(path, "backends[" + i + "]");
                backends.add(backend(backend, path));
            }
        }
        return backends;
    }

    /** One that serves a port: as the resource says for this port, or for all. */
    private Map<String, Object> backend(Share share, String port, String path) {
        var at = ownWords(port);
        origins.from(path, at == null ? "" : "backends[" + at + "]");
        var words = new LinkedHashMap<String, Object>();
        words.put("name", share.backend());
        words.put("discovery", share.discovery());
        var own = at == null
                ? Map.<String, Object>of()
                : balancer.backends().get(at).words();
        for (var word : ProxyWords.OF_BACKENDS) {
            if (!own.containsKey(word) && balancer.words().containsKey(word)) {
                origins.from(path + "." + word, word);
                words.put(word, balancer.words().get(word));
            }
        }
        words.putAll(own);
        secrets.ofBackend(words, path);
        return words;
    }

    private @Nullable Integer ownWords(String port) {
        for (int i = 0; i < balancer.backends().size(); i++) {
            if (port.equals(balancer.backends().get(i).name())) {
                return i;
            }
        }
        return null;
    }

    /** One beside the ports. */
    private Map<String, Object> backend(ProxyBackend backend, String path) {
        var words = new LinkedHashMap<String, Object>();
        words.put("name", backend.name());
        words.putAll(backend.words());
        secrets.ofBackend(words, path);
        return words;
    }
}
