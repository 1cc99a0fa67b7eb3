package io.tickstorm.proxy.admin;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.util.function.Supplier;

/** The admin port: {@code GET /state}. Thread-safe. */
public final class Admin {
    private final HttpServer server;

    private Admin(HttpServer server) {
        this.server = server;
    }

    /**
     * Listens on {@code host:port}.
     *
     * @param state asked for each request, on an event loop; must not block
     * @return fails if the port cannot be bound
     */
    public static Future<Admin> start(Vertx vertx, String host, int port, Supplier<State> state) {
        var router = Router.router(vertx);
        router.get("/state")
                .handler(context -> context.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                        .end(StateJson.of(state.get()).toBuffer()));
        var options = new HttpServerOptions().setHost(host).setPort(port).setIdleTimeout(75);
        return vertx.createHttpServer(options).requestHandler(router).listen().map(Admin::new);
    }

    /** The bound port, 1..65535. */
    public int port() {
        return server.actualPort();
    }

    public Future<Void> close() {
        return server.close();
    }
}
