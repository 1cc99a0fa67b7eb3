package io.tickstorm.proxy.admin;

import io.tickstorm.proxy.backend.Backend;
import io.tickstorm.proxy.discovery.DiscoveryStatus;
import io.tickstorm.proxy.listener.ListenerSettings;
import java.util.List;

/**
 * What the proxy looks like at one moment.
 *
 * @param draining whether it has been asked to end
 */
public record State(boolean draining, List<ListenerState> listeners, List<BackendState> backends) {

    /**
     * @param port the bound one
     * @param connections open now
     * @param accepted since the start
     * @param refused connections that came while too many were open
     */
    public record ListenerState(ListenerSettings settings, int port, int connections, long accepted, long refused) {}

    public record BackendState(Backend backend, DiscoveryStatus discovery) {}

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
