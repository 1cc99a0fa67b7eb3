package io.tickstorm.proxy;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tickstorm.process.MetricsPort;
import io.tickstorm.process.Probes;
import io.tickstorm.process.Scaling;
import io.tickstorm.proxy.admin.Admin;
import io.tickstorm.proxy.admin.Health;
import io.tickstorm.proxy.admin.Sources;
import io.tickstorm.proxy.config.Bind;
import io.tickstorm.proxy.config.ProxyConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The ports that tell of the proxy and carry no traffic: health, admin, metrics. They stay as they were bound. Any thread. */
final class OwnPorts {
    // Set once at the start.
    private volatile @Nullable Probes probes;
    private volatile @Nullable Admin admin;
    private volatile @Nullable MetricsPort metrics;

    /** Binds them; each fails with a message that names it. Those that are bound are left to {@link #close}. */
    List<Future<?>> open(
            Vertx vertx,
            ProxyConfig config,
            Health health,
            Sources sources,
            PrometheusMeterRegistry registry,
            Scaling scaling) {
        var probed = config.health();
        var probing = Probes.start(vertx, probed.address(), probed.port(), health)
                .onSuccess(started -> probes = started)
                .recover(failure -> notBound("health", probed, failure));
        var asked = config.admin().bind();
        var asking = Admin.start(vertx, config.admin(), sources)
                .onSuccess(started -> admin = started)
                .recover(failure -> notBound("admin", asked, failure));
        var scraped = config.metrics().bind();
        var scraping = MetricsPort.start(vertx, scraped.address(), scraped.port(), registry, scaling)
                .onSuccess(started -> metrics = started)
                .recover(failure -> notBound("metrics", scraped, failure));
        return List.of(probing, asking, scraping);
    }

    private static <T> Future<T> notBound(String name, Bind bind, Throwable failure) {
        return Future.failedFuture(
                name + ": " + bind.address() + ":" + bind.port() + " cannot be bound: " + failure.getMessage());
    }

    /** The bound port of the probes; 0 if it is not bound, as with the others. */
    int health() {
        var started = probes;
        return started == null ? 0 : started.port();
    }

    int admin() {
        var started = admin;
        return started == null ? 0 : started.port();
    }

    List<String> adminRoutes() {
        var started = admin;
        return started == null ? List.of() : started.routes();
    }

    int metrics() {
        var started = metrics;
        return started == null ? 0 : started.port();
    }

    /** Closes those that are bound, one after the other, also if one fails. */
    Future<Void> close() {
        var probing = probes;
        var asked = admin;
        var scraped = metrics;
        return (probing == null ? Future.<Void>succeededFuture() : probing.close())
                .eventually(() -> asked == null ? Future.succeededFuture() : asked.close())
                .eventually(() -> scraped == null ? Future.succeededFuture() : scraped.close());
    }
}
