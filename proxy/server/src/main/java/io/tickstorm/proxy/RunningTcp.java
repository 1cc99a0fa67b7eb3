package io.tickstorm.proxy;

import io.tickstorm.proxy.backend.Split;
import io.tickstorm.proxy.history.Traffic;
import io.tickstorm.proxy.http.Surroundings;
import io.tickstorm.proxy.listener.ListenerLimits;
import io.tickstorm.proxy.listener.ListenerSettings;
import io.tickstorm.proxy.metrics.ProxyMeters;
import io.tickstorm.proxy.route.Routes;
import io.tickstorm.proxy.tcp.TcpListener;
import io.tickstorm.proxy.tls.ServerTls;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** A TCP port. */
final class RunningTcp extends RunningListener {
    private final TcpListener listener;

    private RunningTcp(TcpListener listener, Certificates certificates, ServerTls tls, ListenerSettings settings) {
        super(listener, certificates, tls, settings);
        this.listener = listener;
    }

    /** @throws IllegalArgumentException if a file of a certificate cannot be used, with the reason */
    static CompletionStage<RunningListener> bind(
            Surroundings surroundings, Certificates certificates, ListenerSettings settings, Routes<Split> routes) {
        var tls = certificates.of(settings);
        return of(
                TcpListener.bind(
                        surroundings.loops(),
                        settings,
                        tls,
                        surroundings.upstreams(),
                        routes,
                        surroundings.ticker(),
                        surroundings.random(),
                        surroundings.access()),
                certificates,
                tls,
                listener -> new RunningTcp(listener, certificates, tls, settings));
    }

    @Override
    Traffic traffic() {
        return new Traffic(
                listener.accepted(),
                listener.refused(),
                listener.accepted(),
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
    void meter(ProxyMeters meters) {
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
    void changeProtocol(ListenerSettings changed, Routes<Split> routes) {
        listener.route(routes);
        if (changed.limits() instanceof ListenerLimits.Tcp limits) {
            listener.limit(limits);
        }
    }
}
