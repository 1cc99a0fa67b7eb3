package io.tickstorm.proxy;

import io.tickstorm.proxy.backend.Backend;
import io.tickstorm.proxy.backend.BackendEvent;
import io.tickstorm.proxy.config.BackendConfig;
import io.tickstorm.proxy.discovery.Discovery;
import io.tickstorm.proxy.discovery.DiscoveryStatus;
import io.tickstorm.proxy.endpoint.Condition;
import io.tickstorm.proxy.endpoint.EndpointSet;
import io.tickstorm.proxy.history.EndpointNews;
import io.tickstorm.proxy.history.Timeline;
import io.tickstorm.proxy.tls.ClientTls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A backend and the source that feeds it. Both follow a new configuration while they serve: the backend takes over its
 * settings in place, so what it has counted and learnt stays; another source takes over when it has delivered its first
 * set. Changed on the control thread, read by any.
 */
final class RunningBackend {
    private static final Logger log = LoggerFactory.getLogger(RunningBackend.class);

    /** A request that picked the old backend a moment ago may still go on with it; then its pools are emptied. */
    private static final Duration RETIRE_AFTER = Duration.ofSeconds(10);

    private final Path folder;
    private final ControlThread control;
    private final Certificates certificates;
    private final ClientTls tls;
    private final Backend backend;
    private final Function<BackendConfig, Discovery> discoveries;
    private final Consumer<Backend> onChange;
    private final EndpointNews news;
    private volatile BackendConfig config;
    private volatile Discovery discovery;

    // Only on the control thread.
    private @Nullable EndpointSet last;

    /**
     * @param folder what the paths of its settings are relative to
     * @param onChange told on the control thread when endpoints have changed
     * @param timeline told of what changes
     * @throws IllegalArgumentException if a file that it needs cannot be used, with the reason
     */
    RunningBackend(
            BackendConfig config,
            Path folder,
            ControlThread control,
            Certificates certificates,
            Function<BackendConfig, Backend> backends,
            Function<BackendConfig, Discovery> discoveries,
            Consumer<Backend> onChange,
            Timeline timeline) {
        this.config = config;
        this.folder = folder;
        this.control = control;
        this.discoveries = discoveries;
        this.onChange = onChange;
        this.certificates = certificates;
        this.news = new EndpointNews(timeline, config.name());
        var settings = in(folder, config);
        this.tls = certificates.of(settings);
        try {
            this.backend = backends.apply(settings);
        } catch (IllegalArgumentException e) {
            certificates.close(tls);
            throw e;
        }
        backend.onEvent(new BackendLog(config.name(), control::execute));
        backend.onEvent(new BackendNews(config.name(), timeline, control::execute));
        backend.onEvent(this::heard);
        this.discovery = discoveries.apply(config);
    }

    private static BackendConfig in(Path folder, BackendConfig config) {
        return new BackendConfig(
                config.name(), config.discovery(), config.settings().in(folder));
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

    /**
     * Takes over another configuration of the same name.
     *
     * @throws IllegalArgumentException if it cannot, with the reason; then nothing has changed
     */
    void change(BackendConfig changed) {
        var before = config;
        if (!before.settings().equals(changed.settings())) {
            var wanted = in(folder, changed);
            certificates.change(tls, wanted);
            try {
                backend.change(wanted.settings());
            } catch (IllegalArgumentException e) {
                certificates.change(tls, in(folder, before));
                throw e;
            }
        }
        config = changed;
        if (!before.discovery().equals(changed.discovery())) {
            discovery.close();
            discovery = discoveries.apply(changed);
            follow(discovery);
        }
    }

    void close() {
        discovery.close();
        backend.close();
        retire(backend);
    }

    /** Nobody listens at an endpoint that should be there: it may be gone, and the news on its way, or lost. */
    private void heard(BackendEvent event) {
        if (event instanceof BackendEvent.Unreachable(var upstream, var kind)
                && upstream.endpoint().condition() == Condition.ACTIVE) {
            control.execute(() -> discovery.doubt());
        }
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
        news.tell(last == null ? EndpointSet.EMPTY : last, endpoints);
        last = endpoints;
        backend.update(endpoints);
        onChange.accept(backend);
    }

    /** Taking its endpoints away closes the idle connections to them. */
    private void retire(Backend old) {
        var ignored = control.after(RETIRE_AFTER, () -> {
            old.update(EndpointSet.EMPTY);
            old.close();
            certificates.close(tls);
        });
    }
}
