package io.tickstorm.proxy.transport;

import io.tickstorm.proxy.listener.KeepAliveSettings;
import io.tickstorm.proxy.listener.ProxyProtocolSettings;
import org.jspecify.annotations.Nullable;

/** How connections to come begin on a port, whatever is spoken there. Read from any event loop; changes on the control thread. */
public final class Beginning {
    private volatile KeepAliveSettings keepAlive;
    private volatile @Nullable ProxyProtocolSettings proxyProtocol;

    public Beginning(KeepAliveSettings keepAlive, @Nullable ProxyProtocolSettings proxyProtocol) {
        this.keepAlive = keepAlive;
        this.proxyProtocol = proxyProtocol;
    }

    public void change(KeepAliveSettings watched, @Nullable ProxyProtocolSettings announced) {
        keepAlive = watched;
        proxyProtocol = announced;
    }

    /** How peers that are gone without a word are found out, clients and upstreams alike. */
    public KeepAliveSettings keepAlive() {
        return keepAlive;
    }

    /** With a header of the PROXY protocol, by these rules; null = with what the client says. */
    public @Nullable ProxyProtocolSettings proxyProtocol() {
        return proxyProtocol;
    }
}
