package io.tickstorm.proxy.config;

import io.tickstorm.proxy.admission.DrainSettings;
import io.tickstorm.proxy.listener.ListenerSettings;
import io.tickstorm.proxy.settings.Section;
import io.tickstorm.proxy.settings.Syntax;
import io.tickstorm.proxy.settings.Yaml;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The whole configuration of a proxy. What {@link #read} returned is valid; what was put together by hand is judged by
 * reading its {@link #toYaml()}.
 *
 * @param listeners at least one, names and ports unique
 * @param backends names unique, all that listeners name are there
 * @param health the port of probes
 * @param admin the port of state and of changes by hand
 * @param metrics the port of metrics
 * @param accessLog what is written of requests that have ended
 * @param zone the topology zone this proxy runs in; null = as the environment says
 * @param workers event loops, 0..1024; 0 = as many as the machine has processors
 */
public record ProxyConfig(
        List<ListenerSettings> listeners,
        List<BackendConfig> backends,
        DrainSettings drain,
        Bind health,
        AdminSettings admin,
        MetricsSettings metrics,
        AccessLogSettings accessLog,
        @Nullable String zone,
        int workers) {
    /** What is made of these sections at the start stays as long as the process runs; everything else follows a change. */
    public static final List<String> FIXED_AT_START = List.of("health", "admin", "metrics", "zone", "workers");

    private static final int MOST_WORKERS = 1024;

    public ProxyConfig {
        listeners = List.copyOf(listeners);
        backends = List.copyOf(backends);
    }

    /** The same process with other listeners and backends. */
    public ProxyConfig with(List<ListenerSettings> otherListeners, List<BackendConfig> otherBackends) {
        return new ProxyConfig(otherListeners, otherBackends, drain, health, admin, metrics, accessLog, zone, workers);
    }

    /**
     * Reads a configuration.
     *
     * @param source its name for messages, for example the file name
     */
    public static ConfigResult read(String yaml, String source) {
        var section = Yaml.read(yaml, source);
        var problems = section.problems();
        if (!problems.isEmpty() && section.isEmpty()) {
            // Not a mapping at all: that its keys are missing is no news.
            return new ConfigResult.Invalid(source, problems.all());
        }
        var config = read(section);
        section.end();
        return problems.isEmpty() ? new ConfigResult.Valid(config) : new ConfigResult.Invalid(source, problems.all());
    }

    /** The configuration as {@link #read} takes it, every setting written out; the same value gives the same text. */
    public String toYaml() {
        return Yaml.write(toMap());
    }

    /** The same as maps, lists, texts, numbers and booleans. */
    public Map<String, Object> toMap() {
        var map = new LinkedHashMap<String, Object>();
        map.put("listeners", listeners.stream().map(ListenerSettings::toMap).toList());
        map.put("backends", backends.stream().map(BackendConfig::toMap).toList());
        map.put("drain", drain.toMap());
        map.put("health", health.toMap());
        map.put("admin", admin.toMap());
        map.put("metrics", metrics.toMap());
        map.put("accessLog", accessLog.toMap());
        if (zone != null) {
            map.put("zone", zone);
        }
        map.put("workers", workers);
        return map;
    }

    static ProxyConfig read(Section section) {
        var references = new References();
        // What others refer to, and what has a place even if nothing is said, comes first: so a clash is told where the
        // user wrote something.
        var backends = section.list("backends", references::backend);
        var health = section.section("health", bind -> references.bind(bind, Bind.HEALTH));
        var admin = section.section("admin", bind -> AdminSettings.read(bind, references));
        var metrics = section.section("metrics", bind -> MetricsSettings.read(bind, references));
        if (!section.has("listeners")) {
            section.problem("listeners", "missing (expected: a list of at least one)");
        }
        var listeners = section.list("listeners", references::listener);
        if (listeners.isEmpty() && section.problems().isEmpty()) {
            section.problem("listeners", "an empty list (expected: at least one)");
        }
        return new ProxyConfig(
                listeners,
                backends,
                section.section("drain", DrainSettings::read),
                health,
                admin,
                metrics,
                section.section("accessLog", AccessLogSettings::read),
                section.optionalText("zone", Syntax.anything()),
                section.integer("workers", 0, MOST_WORKERS, 0));
    }
}
