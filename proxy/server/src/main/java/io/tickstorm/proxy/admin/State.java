package io.tickstorm.proxy.admin;

import io.tickstorm.proxy.backend.Backend;
import io.tickstorm.proxy.config.BackendConfig;
import io.tickstorm.proxy.config.ProxyConfig;
import io.tickstorm.proxy.discovery.DiscoveryStatus;
import io.tickstorm.proxy.history.Traffic;
import io.tickstorm.proxy.listener.ListenerSettings;
import java.util.List;

/**
 * What the proxy looks like at one moment.
 *
 * @param draining whether it has been asked to end
 * @param totalConnections since the start, on all listeners, those that are gone included
 */
public record State(
        boolean draining,
        long totalConnections,
        List<ListenerState> listeners,
        List<BackendState> backends,
        ConfigState configuration) {

    /**
     * @param port the bound one
     * @param connections open now
     * @param traffic what it has counted
     */
    public record ListenerState(ListenerSettings settings, int port, int connections, Traffic traffic) {
        /** Connections since the start. */
        public long accepted() {
            return traffic.accepted();
        }

        /** Connections that came while too many were open. */
        public long refused() {
            return traffic.refused();
        }
    }

    public record BackendState(Backend backend, BackendConfig config, DiscoveryStatus discovery) {}

    /**
     * @param running what holds now
     * @param hash {@link io.tickstorm.proxy.config.ConfigHash} of the text that was taken over last; empty before there was one
     * @param problems what is wrong with the last configuration that came, one line each
     * @param refused whether that one was not taken over at all
     */
    public record ConfigState(ProxyConfig running, String hash, List<String> problems, boolean refused) {}

    /** Connections that are open on the ports that accept. */
    public int connections() {
        return listeners.stream().mapToInt(ListenerState::connections).sum();
    }

    /**
     * Whether traffic may be sent here: everything is bound and every backend has heard from its discovery.
     *
     * <p>A backend without any endpoint does not make the proxy unready. Readiness says whether this process works; were
     * it to depend on backends, all proxies would leave their service at once when one backend is scaled to zero, the
     * others would become unreachable, and a clear 503 would turn into a refused connection.
     */
    public boolean ready() {
        return !listeners.isEmpty()
                && backends.stream().allMatch(backend -> backend.backend().discovered());
    }
}
