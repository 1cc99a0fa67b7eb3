package io.tickstorm.proxy;

import io.tickstorm.proxy.backend.Backend;
import io.tickstorm.proxy.backend.BackendSettings;
import io.tickstorm.proxy.config.BackendConfig;
import io.tickstorm.proxy.discovery.Discovery;
import io.tickstorm.proxy.discovery.DiscoveryStatus;
import io.tickstorm.proxy.endpoint.EndpointSet;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A backend and the source that feeds it. Both follow a new configuration while they serve: the backend takes over new
 * settings in place, unless they exchange those who judge its upstreams, which takes a new {@link Backend} that begins with
 * the endpoints of the old one; a new source takes over when it has delivered its first set. Changed on the control thread,
 * read by any.
 */
final class RunningBackend {
    private static final Logger log = LoggerFactory.getLogger(RunningBackend.class);

    /** A request that picked the old backend a moment ago may still go on with it; then its pools are emptied. */
    private static final Duration RETIRE_AFTER = Duration.ofSeconds(10);

    private final ControlThread control;
    private final Function<BackendConfig, Backend> backends;
    private final Function<BackendConfig, Discovery> discoveries;
    private final Consumer<Backend> onChange;
    private volatile BackendConfig config;
    private volatile Backend backend;
    private volatile Discovery discovery;

    // Only on the control thread.
    private @Nullable EndpointSet last;

    /** @param onChange told on the control thread when endpoints have changed */
    RunningBackend(
            BackendConfig config,
            ControlThread control,
            Function<BackendConfig, Backend> backends,
            Function<BackendConfig, Discovery> discoveries,
            Consumer<Backend> onChange) {
        this.config = config;
        this.control = control;
        this.backends = backends;
        this.discoveries = discoveries;
        this.onChange = onChange;
        this.backend = backends.apply(config);
        this.discovery = discoveries.apply(config);
    }

    Backend backend() {
        return backend;
    }

    BackendConfig config() {
        return config;
    }

    DiscoveryStatus discovery() {
        return discovery.status();
    }

    void start() {
        follow(discovery);
    }

    void change(BackendConfig changed) {
        var before = config;
        config = changed;
        if (judgedAlike(before.settings(), changed.settings())) {
            backend.change(changed.settings());
        } else {
            var old = backend;
            var fresh = backends.apply(changed);
            if (last != null) {
                fresh.update(last);
            }
            backend = fresh;
            old.close();
            retire(old);
            onChange.accept(fresh);
        }
        if (!before.discovery().equals(changed.discovery())) {
            discovery.close();
            discovery = discoveries.apply(changed);
            follow(discovery);
        }
    }

    /** Whether upstreams keep their judges, which then keep what they have learnt. */
    private static boolean judgedAlike(BackendSettings one, BackendSettings other) {
        return one.outlierEjection().equals(other.outlierEjection());
    }

    void close() {
        discovery.close();
        backend.close();
        retire(backend);
    }

    private void follow(Discovery source) {
        source.start(endpoints -> control.execute(() -> take(source, endpoints)));
    }

    private void take(Discovery source, EndpointSet endpoints) {
        if (source != discovery) {
            return;
        }
        if (last == null || last.endpoints().size() != endpoints.endpoints().size()) {
            log.info(
                    "{}: {} endpoints by {}",
                    config.name(),
                    endpoints.endpoints().size(),
                    source.status().source());
        }
        last = endpoints;
        backend.update(endpoints);
        onChange.accept(backend);
    }

    /** Taking its endpoints away closes the idle connections to them. */
    private void retire(Backend old) {
        var ignored = control.after(RETIRE_AFTER, () -> {
            old.update(EndpointSet.EMPTY);
            old.close();
        });
    }
}
