package io.tickstorm.proxy;

import io.micrometer.core.instrument.MeterRegistry;
import io.tickstorm.proxy.backend.Backend;
import io.tickstorm.proxy.config.BackendConfig;
import io.tickstorm.proxy.config.Changes;
import io.tickstorm.proxy.discovery.Discovery;
import io.tickstorm.proxy.history.Timeline;
import io.tickstorm.proxy.metrics.BackendMeters;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The backends that run, by name. Changed on the control thread, read by any. */
final class Backends {
    private final ControlThread control;
    private final Path folder;
    private final Certificates certificates;
    private final Function<BackendConfig, Backend> backends;
    private final Function<BackendConfig, Discovery> discoveries;
    private final MeterRegistry registry;
    private final Timeline timeline;
    private volatile Map<String, RunningBackend> running = Map.of();

    // Only on the control thread.
    private final Map<String, BackendMeters> meters = new HashMap<>();

    /** @param folder what the paths of settings are relative to */
    Backends(
            ControlThread control,
            Path folder,
            Certificates certificates,
            Function<BackendConfig, Backend> backends,
            Function<BackendConfig, Discovery> discoveries,
            MeterRegistry registry,
            Timeline timeline) {
        this.control = control;
        this.folder = folder;
        this.certificates = certificates;
        this.backends = backends;
        this.discoveries = discoveries;
        this.registry = registry;
        this.timeline = timeline;
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

    /** What they run with, those included that are to be removed. */
    List<BackendConfig> configs() {
        return running.values().stream().map(RunningBackend::config).toList();
    }

    /**
     * Starts what is new and changes what has changed; what is to be removed goes on until {@link #remove}.
     *
     * @return what could not be done, one line each; what a line speaks of is as it was before
     */
    List<String> apply(Changes<BackendConfig> changes) {
        var problems = new ArrayList<String>();
        var next = new LinkedHashMap<>(running);
        for (var config : changes.fresh()) {
            var known = next.get(config.name());
            try {
                if (known != null) {
                    known.change(config);
                } else {
                    next.put(config.name(), start(config));
                }
            } catch (IllegalArgumentException e) {
                problems.add("backend " + config.name() + ": " + e.getMessage());
            }
        }
        running = Collections.unmodifiableMap(next);
        return List.copyOf(problems);
    }

    /** Ends the backends of these names; no listener may use them any more. */
    void remove(Collection<String> names) {
        var next = new LinkedHashMap<>(running);
        var leaving = new ArrayList<RunningBackend>();
        for (var name : names) {
            var backend = next.remove(name);
            if (backend != null) {
                leaving.add(backend);
            }
            var gone = meters.remove(name);
            if (gone != null) {
                gone.remove();
            }
        }
        running = Collections.unmodifiableMap(next);
        leaving.forEach(RunningBackend::close);
    }

    /** Ends all of them. */
    void close() {
        remove(List.copyOf(running.keySet()));
    }

    private RunningBackend start(BackendConfig config) {
        var name = config.name();
        var backend = new RunningBackend(
                config,
                folder,
                control,
                certificates,
                backends,
                discoveries,
                changed -> followed(name, changed),
                timeline);
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
