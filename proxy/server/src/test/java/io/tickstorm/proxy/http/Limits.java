package io.tickstorm.proxy.http;

import io.tickstorm.proxy.listener.ListenerLimits;
import java.time.Duration;

/** Limits of a listener that differ from the usual in one point. */
final class Limits {
    private Limits() {}

    static ListenerLimits.Http withRequestTimeout(Duration time) {
        var limits = Balancer.LIMITS;
        return new ListenerLimits.Http(
                limits.maxConnections(),
                limits.idleTimeout(),
                limits.connectTimeout(),
                limits.headerTimeout(),
                time,
                limits.responseTimeout(),
                limits.maxHeaderSize());
    }
}
