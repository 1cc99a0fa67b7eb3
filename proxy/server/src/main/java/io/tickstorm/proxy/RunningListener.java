package io.tickstorm.proxy;

import io.tickstorm.proxy.admission.ClientLimits;
import io.tickstorm.proxy.backend.Split;
import io.tickstorm.proxy.history.Traffic;
import io.tickstorm.proxy.listener.ListenerSettings;
import io.tickstorm.proxy.metrics.ProxyMeters;
import io.tickstorm.proxy.route.Routes;
import io.tickstorm.proxy.tls.ServerTls;
import io.tickstorm.proxy.transport.Port;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** A port that serves by settings, which may change. Any thread. */
abstract class RunningListener {
    private final Port port;
    private final Certificates certificates;
    private final ServerTls tls;
    private volatile ListenerSettings settings;

    RunningListener(Port port, Certificates certificates, ServerTls tls, ListenerSettings settings) {
        this.port = port;
        this.certificates = certificates;
        this.tls = tls;
        this.settings = settings;
    }

    /** What serves on a port once that is bound. */
    static <P extends Port> CompletionStage<RunningListener> of(
            CompletionStage<P> binding,
            Certificates certificates,
            ServerTls tls,
            Function<P, RunningListener> running) {
        return binding.handle((port, failure) -> {
            if (port == null) {
                certificates.close(tls);
                throw new CompletionException(failure);
            }
            port.whenEmpty().thenRun(() -> certificates.close(tls));
            return running.apply(port);
        });
    }

    final Port port() {
        return port;
    }

    final ListenerSettings settings() {
        return settings;
    }

    /** How its new connections are secured, if they are. */
    final ServerTls tls() {
        return tls;
    }

    /** Connections, requests and messages that were over a limit. */
    final long limited() {
        long limited = port.accepting().refused();
        for (var reason : ClientLimits.Reason.values()) {
            limited += port.clients().refused(reason);
        }
        return limited;
    }

    /**
     * Changes limits, backends and TLS while it serves; address, port and protocol stay as they are.
     *
     * @throws IllegalArgumentException if a file of a certificate cannot be used, with the reason; then nothing has changed
     */
    final void change(ListenerSettings changed, Routes<Split> routes) {
        certificates.change(tls, changed);
        settings = changed;
        port.clients().change(changed.clients());
        port.accepting().change(changed.accepting());
        port.beginning().change(changed.keepAlive(), changed.proxyProtocol());
        changeProtocol(changed, routes);
    }

    /** What only its protocol has, and who gets what. */
    abstract void changeProtocol(ListenerSettings changed, Routes<Split> routes);

    /** What it has counted. */
    abstract Traffic traffic();

    /** Adds the meters that only its protocol has. */
    abstract void meter(ProxyMeters meters);
}
