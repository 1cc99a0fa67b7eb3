package io.tickstorm.proxy;

import io.micrometer.core.instrument.MeterRegistry;
import io.tickstorm.proxy.backend.Backend;
import io.tickstorm.proxy.config.BackendConfig;
import io.tickstorm.proxy.discovery.Discovery;
import io.tickstorm.proxy.metrics.BackendMeters;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The backends that run, by name. Changed on the control thread, read by any. */
final class Backends {
    private final ControlThread control;
    private final Function<BackendConfig, Backend> backends;
    private final Function<BackendConfig, Discovery> discoveries;
    private final MeterRegistry registry;
    private volatile Map<String, RunningBackend> running = Map.of();

    // Only on the control thread.
    private final Map<String, BackendMeters> meters = new HashMap<>();

    Backends(
            ControlThread control,
            Function<BackendConfig, Backend> backends,
            Function<BackendConfig, Discovery> discoveries,
            MeterRegistry registry) {
        this.control = control;
        this.backends = backends;
        this.discoveries = discoveries;
        this.registry = registry;
    }

    Collection<RunningBackend> running() {
        return running.values();
    }

    /** @throws IllegalArgumentException if there is none of this name */
    Backend named(String name) {
        var found = running.get(name);
        if (found == null) {
            throw new IllegalArgumentException("backend: " + name + " (expected: one of " + running.keySet() + ")");
        }
        return found.backend();
    }

    /** Starts what is new and changes what has changed; what is not wanted any more goes on until {@link #retain}. */
    void apply(List<BackendConfig> wanted) {
        var next = new LinkedHashMap<>(running);
        for (var config : wanted) {
            var known = running.get(config.name());
            if (known != null) {
                known.change(config);
            } else {
                next.put(config.name(), start(config));
            }
        }
        running = Collections.unmodifiableMap(next);
    }

    /** Ends the backends that are not among these; no listener may use them any more. */
    void retain(List<BackendConfig> wanted) {
        var names = wanted.stream().map(BackendConfig::name).collect(Collectors.toSet());
        var next = new LinkedHashMap<>(running);
        next.keySet().retainAll(names);
        var before = running;
        running = Collections.unmodifiableMap(next);
        before.forEach((name, backend) -> {
            if (!names.contains(name)) {
                backend.close();
                var gone = meters.remove(name);
                if (gone != null) {
                    gone.remove();
                }
            }
        });
    }

    private RunningBackend start(BackendConfig config) {
        var name = config.name();
        var backend = new RunningBackend(config, control, backends, discoveries, changed -> followed(name, changed));
        meters.put(name, new BackendMeters(registry, name, backend::backend, backend::discovery));
        backend.start();
        return backend;
    }

    private void followed(String name, Backend changed) {
        var known = meters.get(name);
        if (known != null) {
            known.follow(changed);
        }
    }
}
