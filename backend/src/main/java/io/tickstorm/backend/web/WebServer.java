package io.tickstorm.backend.web;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The port that serves a {@link Site}, on every event loop. Thread-safe. */
public final class WebServer {
    private static final int BACKLOG = 4096;
    /** Larger than any message of the Autobahn test suite. */
    private static final int MAX_MESSAGE_BYTES = 17 * 1024 * 1024;

    private final List<HttpServer> servers;

    private WebServer(List<HttpServer> servers) {
        this.servers = servers;
    }

    /**
     * Listens on {@code host:port}.
     *
     * @param port 0..65535, 0 for any free port: see {@link #port()}
     * @param loops how many event loops serve, at least 1
     * @return fails if the port cannot be bound
     */
    public static Future<WebServer> start(Vertx vertx, String host, int port, int loops, Site site) {
        var options = new HttpServerOptions()
                .setAcceptBacklog(BACKLOG)
                .setTcpKeepAlive(true)
                .setHandle100ContinueAutomatically(true)
                .setMaxWebSocketFrameSize(MAX_MESSAGE_BYTES)
                .setMaxWebSocketMessageSize(MAX_MESSAGE_BYTES);
        // Servers that ask for the same shared port get the same free one; with 0 each would get its own.
        var address = port == 0 ? SocketAddress.sharedRandomPort(1, host) : SocketAddress.inetSocketAddress(port, host);
        var servers = new CopyOnWriteArrayList<HttpServer>();
        return vertx.deployVerticle(
                        () -> new OneLoop(options, address, site, servers), new DeploymentOptions().setInstances(loops))
                .map(deployed -> new WebServer(servers));
    }

    /** The bound port, 1..65535. */
    public int port() {
        return servers.getFirst().actualPort();
    }

    /** Takes no more connections, and completes once the requests that run have ended, at the latest after {@code limit}. */
    public Future<Void> shutdown(Duration limit) {
        return Future.join(
                        servers.stream().map(server -> server.shutdown(limit)).toList())
                .mapEmpty();
    }

    private static final class OneLoop extends VerticleBase {
        private final HttpServerOptions options;
        private final SocketAddress address;
        private final Site site;
        private final List<HttpServer> servers;

        OneLoop(HttpServerOptions options, SocketAddress address, Site site, List<HttpServer> servers) {
            this.options = options;
            this.address = address;
            this.site = site;
            this.servers = servers;
        }

        @Override
        public Future<?> start() {
            return vertx.createHttpServer(options)
                    .connectionHandler(this::count)
                    .requestHandler(site.router(vertx))
                    .listen(address)
                    .onSuccess(servers::add);
        }

        private void count(HttpConnection connection) {
            var totals = site.totals();
            totals.accepted.increment();
            totals.active.incrementAndGet();
            connection.closeHandler(closed -> totals.active.decrementAndGet());
        }
    }
}
