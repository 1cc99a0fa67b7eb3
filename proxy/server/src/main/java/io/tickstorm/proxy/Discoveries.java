package io.tickstorm.proxy;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.netty.channel.EventLoopGroup;
import io.tickstorm.proxy.config.BackendConfig;
import io.tickstorm.proxy.config.DiscoverySettings;
import io.tickstorm.proxy.config.DnsSettings;
import io.tickstorm.proxy.config.StaticEndpoint;
import io.tickstorm.proxy.discovery.Discovery;
import io.tickstorm.proxy.discovery.DnsDiscovery;
import io.tickstorm.proxy.discovery.EndpointSliceDiscovery;
import io.tickstorm.proxy.discovery.FileDiscovery;
import io.tickstorm.proxy.discovery.KubernetesAccess;
import io.tickstorm.proxy.discovery.StaticDiscovery;
import io.tickstorm.proxy.time.Ticker;
import io.tickstorm.proxy.time.Timers;
import java.nio.file.Path;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** From the settings of a source to the source. All Kubernetes sources share one client, made when the first needs it. */
final class Discoveries implements AutoCloseable {
    private final Path folder;
    private final EventLoopGroup loops;
    private final Ticker ticker;
    private final Timers timers;
    private final RandomGenerator random;
    private @Nullable KubernetesClient client;

    /** @param folder what relative paths are relative to */
    Discoveries(Path folder, EventLoopGroup loops, Ticker ticker, Timers timers, RandomGenerator random) {
        this.folder = folder;
        this.loops = loops;
        this.ticker = ticker;
        this.timers = timers;
        this.random = random;
    }

    Discovery of(BackendConfig config) {
        return switch (config.discovery()) {
            case DiscoverySettings.Static(var endpoints) ->
                new StaticDiscovery(
                        endpoints.stream().map(StaticEndpoint::endpoint).toList(), ticker);
            case DiscoverySettings.File(var path, var port) -> new FileDiscovery(folder.resolve(path), port, ticker);
            case DiscoverySettings.Kubernetes(var service, var namespace, var port, var family) ->
                new EndpointSliceDiscovery(
                        this::client,
                        namespace,
                        service,
                        Objects.requireNonNullElse(port, ""),
                        family,
                        ticker,
                        timers,
                        random);
            case DnsSettings dns -> new DnsDiscovery(dns, loops, ticker, timers, random);
        };
    }

    /** On a thread of a source, which may block. */
    private synchronized KubernetesClient client() {
        if (client == null) {
            client = KubernetesAccess.client();
        }
        return client;
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.close();
        }
    }
}
