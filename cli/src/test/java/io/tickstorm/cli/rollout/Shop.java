package io.tickstorm.cli.rollout;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that does as its image says: {@code good} answers, {@code bad} answers every second request with 500, {@code none} is not there. */
final class Shop implements AutoCloseable {
    private static final byte[] NOTHING = {};

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger served = new AtomicInteger();
    private final HttpServer server;
    private volatile String image = "none";

    Shop() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    void image(String changed) {
        image = changed;
    }

    int port() {
        return server.getAddress().getPort();
    }

    int served() {
        return served.get();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var turn = served.incrementAndGet();
            var now = image;
            var status = now.equals("none") ? 503 : now.contains("bad") && turn % 2 == 0 ? 500 : 200;
            exchange.getResponseHeaders().set("x-image", now);
            exchange.sendResponseHeaders(status, -1);
            exchange.getResponseBody().write(NOTHING);
        }
    }
}
