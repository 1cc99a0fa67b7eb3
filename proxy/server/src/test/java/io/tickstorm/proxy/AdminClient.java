package io.tickstorm.proxy;

import io.tickstorm.proxy.transport.EpollLoops;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Starts a proxy and asks its ports for people, over real sockets; {@link #end} ends all of it. */
final class AdminClient {
    /** For a change where there is no token: the header that no web page of another place can send, and a value. */
    static final String[] BY_HAND = {"X-Tickstorm-Admin", "test"};

    static final String[] AS_JSON = {"Accept", "application/json"};

    private static final int PATIENCE_SECONDS = 20;

    private final Vertx vertx = Vertx.builder()
            .with(new VertxOptions().setEventLoopPoolSize(1))
            .withTransport(EpollLoops.transport())
            .build();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private @Nullable Proxy proxy;

    /**
     * Starts it.
     *
     * @param folder what names of files in the configuration are relative to
     * @param admin further settings of the admin port, each after a comma
     * @param config listeners and backends
     */
    Proxy start(Path folder, String admin, String config) throws Exception {
        var all = config + """
                drain: {delay: 0s, timeout: 1s}
                accessLog: {requests: None}
                health: {port: 0, address: 127.0.0.1}
                admin: {port: 0%s}
                metrics: {port: 0, address: 127.0.0.1}
                """.formatted(admin);
        var started = Proxy.start(vertx, ProxyTest.config(all), folder)
                .toCompletionStage()
                .toCompletableFuture()
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        proxy = started;
        return started;
    }

    Proxy proxy() {
        return Objects.requireNonNull(proxy, "not started");
    }

    HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        return send("GET", path, headers);
    }

    HttpResponse<String> send(String method, String path, String... headers) throws IOException, InterruptedException {
        return send(proxy().adminPort(), method, path, headers);
    }

    JsonObject state() throws IOException, InterruptedException {
        return new JsonObject(get("/state").body());
    }

    /** What {@link #state} has of an upstream of the first backend. */
    JsonObject upstream(String name) throws IOException, InterruptedException {
        return state().getJsonArray("backends").getJsonObject(0).getJsonArray("upstreams").stream()
                .map(JsonObject.class::cast)
                .filter(upstream -> upstream.getString("name").equals(name))
                .findFirst()
                .orElseThrow();
    }

    String health(String path) throws IOException, InterruptedException {
        return send(proxy().healthPort(), "GET", path).body();
    }

    String metrics(String path) throws IOException, InterruptedException {
        return send(proxy().metricsPort(), "GET", path).body();
    }

    /** A request through the proxy, by its listener {@code http}. */
    HttpResponse<String> through(String path, String... headers) throws IOException, InterruptedException {
        return send(proxy().ports().getOrDefault("http", 0), "GET", path, headers);
    }

    private HttpResponse<String> send(int port, String method, String path, String... headers)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    void end() throws Exception {
        http.shutdownNow();
        vertx.close().toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
}
