package io.tickstorm.process;

import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/**
 * The port that Prometheus scrapes: {@code GET /metrics}, in the format that the {@code Accept} header asks for; and {@code
 * /autoscaling}, if the process has something to say on that.
 *
 * <p>Adds the meters of the JVM and of the process to the registry. Thread-safe.
 */
public final class MetricsPort {
    /** The text format of Prometheus 0.0.4: what a client that states no preference gets. */
    private static final String PLAIN = "text/plain; version=0.0.4; charset=utf-8";

    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private final HttpServer server;
    private final JvmGcMetrics collector;

    private MetricsPort(HttpServer server, JvmGcMetrics collector) {
        this.server = server;
        this.collector = collector;
    }

    /**
     * Listens on {@code host:port}.
     *
     * @param port 0..65535, 0 for any free port: see {@link #port()}
     * @return fails if the port cannot be bound
     */
    public static Future<MetricsPort> start(Vertx vertx, String host, int port, PrometheusMeterRegistry registry) {
        return start(vertx, host, port, registry, null);
    }

    /** The same, with what is said to whoever decides on the number of replicas; null = nothing. */
    public static Future<MetricsPort> start(
            Vertx vertx, String host, int port, PrometheusMeterRegistry registry, @Nullable Scaling scaling) {
        var router = Router.router(vertx);
        if (scaling != null) {
            scaling.route(router);
        }
        router.get("/metrics").handler(context -> scrape(vertx, context, registry));
        var options = new HttpServerOptions()
                .setHost(host)
                .setPort(port)
                .setIdleTimeout(75)
                .setCompressionSupported(true);
        return vertx.createHttpServer(options)
                .requestHandler(router)
                .listen()
                .map(server -> new MetricsPort(server, bind(registry)));
    }

    /** The bound port, 1..65535. */
    public int port() {
        return server.actualPort();
    }

    public Future<Void> close() {
        collector.close();
        return server.close();
    }

    private static JvmGcMetrics bind(PrometheusMeterRegistry registry) {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        var collector = new JvmGcMetrics();
        collector.bindTo(registry);
        return collector;
    }

    private static void scrape(Vertx vertx, RoutingContext context, PrometheusMeterRegistry registry) {
        var accept = context.request().getHeader(HttpHeaders.ACCEPT);
        var type = accept != null && accept.contains("application/openmetrics-text") ? OPEN_METRICS : PLAIN;
        // Off the event loop: a scrape walks every meter, and traffic shares the loop.
        vertx.executeBlocking(() -> registry.scrape(type), false)
                .onSuccess(text -> context.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, type)
                        .end(text))
                .onFailure(context::fail);
    }
}
