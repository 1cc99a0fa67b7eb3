package io.tickstorm.proxy;

import io.tickstorm.proxy.backend.Split;
import io.tickstorm.proxy.history.Traffic;
import io.tickstorm.proxy.http.HttpListener;
import io.tickstorm.proxy.http.Surroundings;
import io.tickstorm.proxy.http2.Abuse;
import io.tickstorm.proxy.listener.ListenerLimits;
import io.tickstorm.proxy.listener.ListenerSettings;
import io.tickstorm.proxy.metrics.ProxyMeters;
import io.tickstorm.proxy.route.Routes;
import io.tickstorm.proxy.tls.ServerTls;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;

/** An HTTP port. */
final class RunningHttp extends RunningListener {
    private static final int STATUS_CLASSES = 5;

    private final HttpListener listener;

    private RunningHttp(HttpListener listener, Certificates certificates, ServerTls tls, ListenerSettings settings) {
        super(listener, certificates, tls, settings);
        this.listener = listener;
    }

    /** @throws IllegalArgumentException if a file of a certificate cannot be used, with the reason */
    static CompletionStage<RunningListener> bind(
            Surroundings surroundings, Certificates certificates, ListenerSettings settings, Routes<Split> routes) {
        var tls = certificates.of(settings);
        return of(
                HttpListener.bind(surroundings, settings, tls, routes),
                certificates,
                tls,
                listener -> new RunningHttp(listener, certificates, tls, settings));
    }

    @Override
    Traffic traffic() {
        var counters = listener.counters();
        var answers = IntStream.rangeClosed(1, STATUS_CLASSES)
                .mapToObj(counters::responses)
                .toList();
        return new Traffic(
                listener.accepted(),
                listener.refused(),
                counters.requests(),
                answers,
                answers.getLast() + counters.cut(),
                limited(),
                counters.flaws(),
                counters.cancelled(),
                counters.retries(),
                counters.bytesIn(),
                counters.bytesOut());
    }

    @Override
    void meter(ProxyMeters meters) {
        var counters = listener.counters();
        for (int digit = 1; digit <= STATUS_CLASSES; digit++) {
            int first = digit;
            meters.counter(
                    "requests",
                    "Answers to clients, by the first digit of the status",
                    () -> counters.responses(first),
                    "class",
                    first + "xx");
        }
        for (var abuse : Abuse.values()) {
            meters.counter(
                    "http2_abuse",
                    "Connections ended because the client abused HTTP/2",
                    () -> counters.abuses(abuse),
                    "reason",
                    abuse.label());
        }
        meters.counter("unserved", "For which no upstream could be had", counters::unserved)
                .counter("unrouted", "That no route took", counters::unrouted)
                .counter(
                        "proxy_headers_refused",
                        "Closed for want of a PROXY protocol header from a trusted proxy",
                        counters::headersRefused)
                .counter("retries", "Attempts after the first one of a request", counters::retries)
                .counter("request_flaws", "Refused, because they broke the protocol", counters::flaws)
                .counter("http2_connections", "Connections that speak HTTP/2", counters::http2Connections)
                .counter("cancelled", "Requests whose client left", counters::cancelled)
                .counter("truncated", "Answers that the upstream ended early", counters::cut)
                .counter("upgraded", "Connections that became WebSockets", counters::upgraded)
                .counter("client_timeouts", "Closed because the client took too long", counters::timeouts)
                .counter("upstream_connects", "Connections opened to upstreams", counters::connects)
                .counter("bytes", "Bytes passed on", counters::bytesIn, "direction", "in")
                .counter("bytes", "Bytes passed on", counters::bytesOut, "direction", "out");
    }

    @Override
    void changeProtocol(ListenerSettings changed, Routes<Split> routes) {
        listener.compression(changed.compression());
        if (changed.limits() instanceof ListenerLimits.Http limits) {
            listener.change(limits, changed.forwarded(), routes);
        }
        if (changed.http2() != null) {
            listener.change(changed.http2());
        }
    }
}
