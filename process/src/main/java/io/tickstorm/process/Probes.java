package io.tickstorm.process;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The port that kubelets and other balancers ask: {@code /health}, {@code /ready}, {@code /ping}, {@code /healthz}.
 *
 * <p>A process that drains stays ready as long as it serves, because the {@code serving} condition of its endpoint, and
 * with it the fall-back to terminating endpoints, hangs on readiness. Only {@code /ping}, which balancers outside the
 * cluster ask, says 503 from the start of the drain. Thread-safe.
 */
public final class Probes {
    private static final String JSON = "application/json";
    private static final String TEXT = "text/plain; charset=utf-8";

    private final HttpServer server;
    private final Router router;

    private Probes(HttpServer server, Router router) {
        this.server = server;
        this.router = router;
    }

    /** What the process says of itself. Called on an event loop for every probe: must not block. */
    public interface Status {
        /** Whether work may be sent here; stays true while draining until nothing new is accepted. */
        boolean ready();

        /** Whether the process has been asked to end. */
        boolean draining();

        /** Fields of {@code /health} beyond the standard ones; a field of a standard name replaces it. */
        JsonObject health();
    }

    /**
     * Listens on {@code host:port}.
     *
     * @param port 0..65535, 0 for any free port: see {@link #port()}
     * @return fails if the port cannot be bound
     */
    public static Future<Probes> start(Vertx vertx, String host, int port, Status status) {
        var standard = new StandardHealth(InstanceId.current());
        var router = Router.router(vertx);
        router.get("/health").handler(context -> health(context, status, standard));
        router.get("/ready").handler(context -> ready(context, status));
        router.get("/ping").handler(context -> ping(context, status));
        router.get("/healthz").handler(context -> text(context, 200, "ok"));
        var options = new HttpServerOptions().setHost(host).setPort(port).setIdleTimeout(75);
        return vertx.createHttpServer(options)
                .requestHandler(router)
                .listen()
                .map(server -> new Probes(server, router));
    }

    /** For further routes of the same port, such as an administration page. */
    public Router router() {
        return router;
    }

    /** The bound port, 1..65535. */
    public int port() {
        return server.actualPort();
    }

    public Future<Void> close() {
        return server.close();
    }

    private static void health(RoutingContext context, Status status, StandardHealth standard) {
        var word = word(status);
        var body = standard.fields(word).mergeIn(status.health());
        answer(context, word.equals("unhealthy") ? 503 : 200, JSON).end(body.toBuffer());
    }

    private static String word(Status status) {
        if (status.draining()) {
            return "draining";
        }
        return status.ready() ? "healthy" : "unhealthy";
    }

    private static void ready(RoutingContext context, Status status) {
        var ready = status.ready();
        var body = new JsonObject()
                .put("status", ready ? "ready" : "not ready")
                .put("timestamp", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        answer(context, ready ? 200 : 503, JSON).end(body.toBuffer());
    }

    private static void ping(RoutingContext context, Status status) {
        if (status.draining()) {
            text(context, 503, "draining");
        } else {
            text(context, 200, "pong");
        }
    }

    private static void text(RoutingContext context, int code, String body) {
        answer(context, code, TEXT).end(body);
    }

    private static HttpServerResponse answer(RoutingContext context, int code, String type) {
        return context.response()
                .setStatusCode(code)
                .putHeader(HttpHeaders.CONTENT_TYPE, type)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    }
}
