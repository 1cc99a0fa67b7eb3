package io.tickstorm.operator.crd;

import io.tickstorm.operator.desired.ProxyWords;
import io.tickstorm.proxy.config.Settings.Setting;
import io.tickstorm.proxy.settings.Durations;
import io.tickstorm.proxy.settings.Key.Shape;
import io.tickstorm.proxy.settings.Sizes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Every number, duration and size of the proxy's words at both ends of its range and beyond them, within the smallest resource that may say it. */
final class SettingEdges {
    /** What has to be beside a word for it to be taken with any value of its range. */
    private static final Map<String, String> BESIDE = Map.ofEntries(
            Map.entry("listeners[]", "{name: http, port: 80, maxConnectionRate: 1}"),
            Map.entry("listeners[].clients", "{connectionRate: 1, requestRate: 1}"),
            Map.entry("listeners[].clients.messageRate", "{}"),
            Map.entry("listeners[].clients.messageBurst", "{messageRate: 1}"),
            Map.entry("listeners[].backends[]", "{name: http}"),
            Map.entry("listeners[].routes[]", "{}"),
            Map.entry("listeners[].routes[].backends[]", "{name: http}"),
            Map.entry("listeners[].tls", "{certificates: [{secret: a}]}"),
            Map.entry("listeners[].proxyProtocol", "{trustedProxies: [10.0.0.0/8]}"),
            Map.entry("backends[].discovery.static[]", "{address: 10.0.0.1, port: 80}"),
            Map.entry("backends[].discovery.dns", "{name: a.b, port: 80, minTtl: 100ms, maxTtl: 24h}"),
            Map.entry("backends[].balancing", "{policy: ConsistentHash}"),
            Map.entry("backends[].healthCheck", "{interval: 1h, fastInterval: 10ms, timeout: 10ms}"),
            Map.entry("backends[].retries.backoff", "{base: 0s, max: 1m}"),
            Map.entry("backends[].circuitBreaker", "{openFor: 100ms, maxOpenFor: 1h}"),
            Map.entry("backends[].outlierEjection", "{baseTime: 100ms, maxTime: 1h}"),
            Map.entry("backends[].stickiness", "{type: SourceIp}"),
            Map.entry("backends[].stickiness.maxAge", "{type: Cookie, secret: {name: a}}"));

    private SettingEdges() {}

    /**
     * One value.
     *
     * @param path in the resource
     * @param taken whether it is within the range
     */
    record Edge(String path, String value, boolean taken, Map<String, Object> resource) {}

    static List<Edge> all() {
        var absent = ProxyWords.notInTheResource().keySet();
        var edges = new ArrayList<Edge>();
        for (var setting : ProxySchema.ALL) {
            var path = setting.key().path();
            var words = path.startsWith("listeners[].") || path.startsWith("backends[].") || path.equals("workers");
            if (words && !absent.contains(path) && !path.equals("listeners[].port")) {
                values(setting)
                        .forEach((value, taken) -> resources(path, value)
                                .forEach((at, resource) ->
                                        edges.add(new Edge(at, String.valueOf(value), taken, resource))));
            }
        }
        return edges;
    }

    private static Map<Object, Boolean> values(Setting setting) {
        var range = setting.key().range();
        var values = new LinkedHashMap<Object, Boolean>();
        if (!List.of(Shape.INTEGER, Shape.DURATION, Shape.SIZE)
                .contains(setting.key().shape())) {
            return values;
        }
        var lowest = range.substring(0, range.indexOf(".."));
        var highest = range.substring(range.indexOf("..") + 2);
        switch (setting.key().shape()) {
            case INTEGER -> {
                values.put(Long.valueOf(lowest), true);
                values.put(Long.valueOf(highest), true);
                values.put(Long.parseLong(lowest) - 1, false);
                values.put(Long.parseLong(highest) + 1, false);
            }
            case DURATION -> {
                values.put(lowest, true);
                values.put(highest, true);
                values.put(after(highest, 1), false);
                // a bound that another word sets is not the reader's own
                if (!lowest.equals("0s") && !setting.range().contains("`")) {
                    values.put(after(lowest, -1), false);
                }
            }
            default -> {
                var bytes = Objects.requireNonNull(Sizes.parse(highest));
                values.put(lowest, true);
                values.put(highest, true);
                values.put(bytes + 1, false);
                if (!lowest.equals("0")) {
                    values.put(Objects.requireNonNull(Sizes.parse(lowest)) - 1, false);
                }
            }
        }
        return values;
    }

    private static String after(String duration, int millis) {
        return Durations.format(
                Objects.requireNonNull(Durations.parse(duration)).plus(Duration.ofMillis(millis)));
    }

    /** By the path of the word in the resource. */
    private static Map<String, Map<String, Object>> resources(String path, Object value) {
        var resources = new LinkedHashMap<String, Map<String, Object>>();
        var steps = List.of(path.split("\\."));
        var written = (Map<?, ?>) write(path, "", steps, value);
        if (path.startsWith("backends[].") && !path.contains("discovery")) {
            var words = (Map<?, ?>) ((List<?>) written.get("backends")).getFirst();
            var ofAll = new LinkedHashMap<Object, Object>(words);
            ofAll.remove("name");
            resources.put(path.substring("backends[].".length()), RuleCases.ofAll(ofAll));
            resources.put(path, RuleCases.ofOne(words));
        } else {
            resources.put(path, RuleCases.ofAll(written));
        }
        return resources;
    }

    private static Object write(String path, String parent, List<String> steps, Object value) {
        var mapping = new LinkedHashMap<Object, Object>(beside(path, parent));
        var step = steps.getFirst();
        var at = parent.isEmpty() ? step : parent + "." + step;
        var key = step.replace("[]", "");
        var child = steps.size() == 1 ? value : write(path, at, steps.subList(1, steps.size()), value);
        mapping.put(key, step.endsWith("[]") ? items(at, child) : child);
        return mapping;
    }

    /** Where the word would be alone with no weight, there is another item. */
    private static List<Object> items(String at, Object item) {
        return at.endsWith(".backends[]")
                ? List.of(item, Map.of("name", "tcp"))
                : Stream.of(item).toList();
    }

    private static Map<?, ?> beside(String path, String parent) {
        var said = path.startsWith(parent + ".") ? BESIDE.get(path) : null;
        if (said == null || !parent.equals(path.substring(0, path.lastIndexOf('.')))) {
            said = BESIDE.getOrDefault(parent, "{}");
        }
        var mapping = new LinkedHashMap<Object, Object>(
                (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(said));
        if (parent.equals("listeners[]") && path.contains(".message")) {
            mapping.put("name", "tcp");
            mapping.put("protocol", "TCP");
        }
        if (parent.equals("backends[]")) {
            mapping.put("name", path.contains("discovery") ? "other" : "http");
        }
        return mapping;
    }
}
