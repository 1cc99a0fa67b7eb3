package io.tickstorm.proxy;

import io.tickstorm.proxy.metrics.ProxyMeters;
import io.tickstorm.proxy.tls.HandshakeFailure;
import io.tickstorm.proxy.tls.ServerTls;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a listener with TLS has to be scraped beside the rest. */
final class TlsMeters {
    private TlsMeters() {}

    static void add(ProxyMeters meters, ServerTls tls) {
        var counters = tls.counters();
        meters.gauge(
                        "tls_certificate_expiry_seconds",
                        "Until the first certificate expires; below zero once it has",
                        () -> seconds(tls.untilExpiry()))
                .counter("tls_handshakes", "Complete handshakes", counters::full, "resumed", "false")
                .counter("tls_handshakes", "Complete handshakes", counters::resumed, "resumed", "true");
        for (var reason : HandshakeFailure.values()) {
            meters.counter(
                    "tls_handshake_failures",
                    "Handshakes that came to nothing",
                    () -> counters.failures(reason),
                    "reason",
                    reason.label());
        }
    }

    private static double seconds(@Nullable Duration left) {
        return left == null ? Double.NaN : left.toSeconds();
    }
}
