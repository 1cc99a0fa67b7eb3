package io.tickstorm.proxy;

import io.tickstorm.proxy.admission.AcceptRate;
import io.tickstorm.proxy.admission.ClientLimits;
import io.tickstorm.proxy.backend.Split;
import io.tickstorm.proxy.history.Traffic;
import io.tickstorm.proxy.listener.ListenerSettings;
import io.tickstorm.proxy.metrics.ProxyMeters;
import io.tickstorm.proxy.route.Routes;
import io.tickstorm.proxy.tls.ServerTls;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** A port that serves, whatever it speaks. Any thread. */
interface RunningListener {
    ListenerSettings settings();

    /** The bound port. */
    int port();

    /** Connections that are open. */
    int connections();

    /** Connections since the start. */
    long accepted();

    /** Connections that came while too many were open. */
    long refused();

    /** How fast it takes new connections. */
    AcceptRate accepting();

    /** What single clients may do. */
    ClientLimits clients();

    /** What it has counted. */
    Traffic traffic();

    /** Connections, requests and messages that were over a limit. */
    default long limited() {
        long limited = accepting().refused();
        for (var reason : ClientLimits.Reason.values()) {
            limited += clients().refused(reason);
        }
        return limited;
    }

    /** How its new connections are secured, if they are. */
    ServerTls tls();

    /** Adds its meters. */
    void meter(ProxyMeters meters);

    /**
     * Changes limits, backends and TLS while it serves; address, port and protocol stay as they are.
     *
     * @throws IllegalArgumentException if a file of a certificate cannot be used, with the reason; then nothing has changed
     */
    void change(ListenerSettings changed, Routes<Split> routes);

    /** Tells clients, where the protocol can, that the connection will be closed. */
    void announceClose();

    /** Closes the port, and connections on which nothing runs. */
    CompletionStage<Void> stopAccepting();

    /** Completes once the port is closed and nothing runs any more. */
    CompletionStage<Void> whenEmpty();

    /** What runs, one line each. */
    List<String> describe();

    /** Tells what would not end by itself to end, where the protocol can, spread over the time until {@link #abort}. */
    void part(Duration window);

    /** Cuts off what runs, so that nobody takes it for complete. */
    void abort();
}
