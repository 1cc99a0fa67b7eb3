package io.tickstorm.proxy;

import io.tickstorm.proxy.admission.AcceptRate;
import io.tickstorm.proxy.admission.ClientLimits;
import io.tickstorm.proxy.backend.Split;
import io.tickstorm.proxy.history.Traffic;
import io.tickstorm.proxy.http.Surroundings;
import io.tickstorm.proxy.listener.ListenerLimits;
import io.tickstorm.proxy.listener.ListenerSettings;
import io.tickstorm.proxy.metrics.ProxyMeters;
import io.tickstorm.proxy.route.Routes;
import io.tickstorm.proxy.tcp.TcpListener;
import io.tickstorm.proxy.tls.ServerTls;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** A TCP port. It has no way to announce a close: clients see the end of their session. */
final class RunningTcp implements RunningListener {
    private final TcpListener listener;
    private final Certificates certificates;
    private final ServerTls tls;
    private volatile ListenerSettings settings;

    private RunningTcp(TcpListener listener, Certificates certificates, ServerTls tls, ListenerSettings settings) {
        this.listener = listener;
        this.certificates = certificates;
        this.tls = tls;
        this.settings = settings;
    }

    /** @throws IllegalArgumentException if a file of a certificate cannot be used, with the reason */
    static CompletionStage<RunningListener> bind(
            Surroundings surroundings, Certificates certificates, ListenerSettings settings, Routes<Split> routes) {
        var tls = certificates.of(settings);
        return TcpListener.bind(
                        surroundings.loops(),
                        settings,
                        tls,
                        surroundings.upstreams(),
                        routes,
                        surroundings.ticker(),
                        surroundings.random(),
                        surroundings.access())
                .handle((listener, failure) -> {
                    if (listener == null) {
                        certificates.close(tls);
                        throw new CompletionException(failure);
                    }
                    listener.whenEmpty().thenRun(() -> certificates.close(tls));
                    return new RunningTcp(listener, certificates, tls, settings);
                });
    }

    @Override
    public ServerTls tls() {
        return tls;
    }

    @Override
    public ListenerSettings settings() {
        return settings;
    }

    @Override
    public int port() {
        return listener.port();
    }

    @Override
    public int connections() {
        return listener.connections();
    }

    @Override
    public long accepted() {
        return listener.accepted();
    }

    @Override
    public long refused() {
        return listener.refused();
    }

    @Override
    public AcceptRate accepting() {
        return listener.accepting();
    }

    @Override
    public ClientLimits clients() {
        return listener.clients();
    }

    @Override
    public Traffic traffic() {
        return new Traffic(
                accepted(),
                refused(),
                accepted(),
                List.of(),
                listener.unserved(),
                limited(),
                0,
                0,
                0,
                listener.bytesIn(),
                listener.bytesOut());
    }

    @Override
    public void meter(ProxyMeters meters) {
        meters.counter("unserved", "Connections for which no upstream could be had", listener::unserved)
                .counter("unrouted", "That no route took", listener::unrouted)
                .counter(
                        "proxy_headers_refused",
                        "Closed for want of a PROXY protocol header from a trusted proxy",
                        listener::headersRefused)
                .counter("bytes", "Bytes passed on", listener::bytesIn, "direction", "in")
                .counter("bytes", "Bytes passed on", listener::bytesOut, "direction", "out");
    }

    @Override
    public void change(ListenerSettings changed, Routes<Split> routes) {
        certificates.change(tls, changed);
        listener.route(routes);
        settings = changed;
        listener.clients().change(changed.clients());
        listener.accepting().change(changed.accepting());
        listener.keepAlive(changed.keepAlive());
        listener.proxyProtocol(changed.proxyProtocol());
        if (changed.limits() instanceof ListenerLimits.Tcp limits) {
            listener.limit(limits);
        }
    }

    @Override
    public void announceClose() {}

    @Override
    public CompletionStage<Void> stopAccepting() {
        return listener.stopAccepting();
    }

    @Override
    public CompletionStage<Void> whenEmpty() {
        return listener.whenEmpty();
    }

    @Override
    public List<String> describe() {
        return listener.describe();
    }

    @Override
    public void part(Duration window) {
        // TCP has no word for it.
    }

    @Override
    public void abort() {
        listener.abort();
    }
}
