package io.tickstorm.proxy;

import static io.tickstorm.proxy.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.config.ConfigResult;
import io.tickstorm.proxy.config.ProxyConfig;
import io.tickstorm.proxy.transport.EpollLoops;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProxyTest {
    private static final long DEADLINE_SECONDS = 20;

    @TempDir
    Path folder;

    private final Vertx vertx = Vertx.builder()
            .with(new VertxOptions().setEventLoopPoolSize(2))
            .withTransport(EpollLoops.transport())
            .build();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @AfterEach
    void tearDown() throws Exception {
        http.shutdownNow();
        done(vertx.close());
    }

    @Test
    void tcpIsServedFromAStaticList() throws Exception {
        try (var backend = EchoServer.start("a")) {
            var proxy = start(tcpOnly("static: [\"127.0.0.1:" + backend.port() + "\"]"));

            assertThat(ask(proxy, "tcp", "hello")).isEqualTo("a hello");

            assertThat(get(proxy.healthPort(), "/ready").statusCode()).isEqualTo(200);
            done(proxy.close());
        }
    }

    @Test
    void aProxyIsReadyOnceItsFileIsThereAndFollowsIt() throws Exception {
        try (var one = EchoServer.start("one");
                var two = EchoServer.start("two")) {
            var proxy = start(tcpOnly("file: {path: endpoints.yaml, port: tcp}"));
            assertThat(get(proxy.healthPort(), "/ready").statusCode()).isEqualTo(503);

            write("endpoints.yaml", endpoint("one", one.port()));
            await("readiness", () -> get(proxy.healthPort(), "/ready").statusCode() == 200);
            assertThat(ask(proxy, "tcp", "x")).isEqualTo("one x");

            write("endpoints.yaml", endpoint("two", two.port()));
            await("the other endpoint", () -> upstreams(proxy).contains("two"));
            assertThat(ask(proxy, "tcp", "x")).isEqualTo("two x");
            done(proxy.close());
        }
    }

    @Test
    void aBackendThatHasNoEndpointDoesNotMakeTheProxyUnready() throws Exception {
        var proxy = start(tcpOnly("static: []"));

        assertThat(get(proxy.healthPort(), "/ready").statusCode()).isEqualTo(200);
        done(proxy.close());
    }

    @Test
    void theStateAndTheMetricsTellWhatRuns() throws Exception {
        try (var backend = EchoServer.start("a")) {
            var proxy = start(tcpOnly("static: [{name: pod-a, address: 127.0.0.1, port: " + backend.port() + "}]"));
            try (var client = connect(proxy, "tcp")) {
                client.getOutputStream().write('x');
                client.getInputStream().readNBytes(3);

                var state = new JsonObject(get(proxy.adminPort(), "/state").body());
                var metrics = get(proxy.metricsPort(), "/metrics").body();

                var listener = state.getJsonArray("listeners").getJsonObject(0);
                assertThat(listener.getString("name")).isEqualTo("tcp");
                assertThat(listener.getInteger("connections")).isEqualTo(1);
                var upstream = state.getJsonArray("backends")
                        .getJsonObject(0)
                        .getJsonArray("upstreams")
                        .getJsonObject(0);
                assertThat(upstream.getString("name")).isEqualTo("pod-a");
                assertThat(upstream.getInteger("inFlight")).isEqualTo(1);
                assertThat(upstream.getJsonArray("held")).isEmpty();
                assertThat(metrics.lines())
                        .contains(
                                "tick_storm_active_connections 1.0",
                                "tick_storm_connections_total{listener=\"tcp\"} 1.0",
                                "tick_storm_upstream_in_flight{backend=\"web\",upstream=\"pod-a\"} 1.0",
                                "tick_storm_upstream_requests_total{backend=\"web\",upstream=\"pod-a\"} 1.0",
                                "tick_storm_discovery_synced{backend=\"web\"} 1.0",
                                "tick_storm_draining 0.0");
            }
            done(proxy.close());
        }
    }

    @Test
    void upstreamsThatAreGoneAreGoneFromTheMetrics() throws Exception {
        var proxy = start(tcpOnly("file: {path: endpoints.yaml, port: tcp}"));
        write("endpoints.yaml", endpoint("one", 1));
        await("the first", () -> upstreams(proxy).contains("one"));
        assertThat(get(proxy.metricsPort(), "/metrics").body()).contains("upstream=\"one\"");

        write("endpoints.yaml", endpoint("two", 2));
        await("the second", () -> get(proxy.metricsPort(), "/metrics").body().contains("upstream=\"two\""));

        assertThat(get(proxy.metricsPort(), "/metrics").body()).doesNotContain("upstream=\"one\"");
        done(proxy.close());
    }

    @Test
    void theTimeToDrainFollowsTheConfiguration() throws Exception {
        var proxy = start(tcpOnly("static: []", "1s", "20s"));
        assertThat(proxy.drainLimit()).isEqualTo(Duration.ofSeconds(21));

        done(Future.fromCompletionStage(proxy.change(config(tcpOnly("static: []", "2s", "1m")))));

        assertThat(proxy.drainLimit()).isEqualTo(Duration.ofSeconds(62));
        done(proxy.close());
    }

    @Test
    void whatRunsFinishesWhileTheProxyDrains() throws Exception {
        try (var backend = EchoServer.start("a")) {
            var proxy = start(tcpOnly("static: [\"127.0.0.1:" + backend.port() + "\"]", "1s", "20s"));
            var running = connect(proxy, "tcp");
            running.getOutputStream().write('x');
            running.getInputStream().readNBytes(3);

            var drained = proxy.drain();

            // Within the delay everything goes on, and only what balancers outside ask for says no.
            assertThat(ask(proxy, "tcp", "new")).isEqualTo("a new");
            assertThat(get(proxy.healthPort(), "/ready").statusCode()).isEqualTo(200);
            assertThat(get(proxy.healthPort(), "/ping").statusCode()).isEqualTo(503);
            assertThat(get(proxy.metricsPort(), "/metrics").body()).contains("tick_storm_draining 1.0");
            await("the port to close", () -> get(proxy.healthPort(), "/ready").statusCode() == 503);
            assertThat(drained.isComplete()).isFalse();
            running.getOutputStream().write('y');
            assertThat(running.getInputStream().read()).isEqualTo('y');
            running.close();
            done(drained);
        }
    }

    @Test
    void noRequestIsLostWhileTheProxyDrains() throws Exception {
        try (var backend = new SlowServer()) {
            var text = both("static: [\"127.0.0.1:" + backend.port() + "\"]");
            var proxy = start(text);
            var port = proxy.ports().get("http");
            var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
            for (int i = 0; i < 20; i++) {
                answers.add(getAsync(port, "/slow/" + i));
            }
            await("all of them to run", () -> backend.waiting() == 20);

            var drained = proxy.drain();
            await(
                    "answers to announce the end",
                    () -> get(port, "/new").headers().firstValue("connection").equals(Optional.of("close")));
            await("the port to close", () -> get(proxy.healthPort(), "/ready").statusCode() == 503);
            backend.answerAll();

            assertThat(answers)
                    .allSatisfy(answer -> assertThat(answer.get(DEADLINE_SECONDS, TimeUnit.SECONDS)
                                    .statusCode())
                            .isEqualTo(200));
            done(drained);
        }
    }

    @Test
    void httpAndTcpAreServedAndCounted() throws Exception {
        try (var backend = new SlowServer()) {
            var proxy = start(both("static: [{name: pod-a, address: 127.0.0.1, port: " + backend.port() + "}]"));

            assertThat(get(proxy.ports().get("http"), "/quick").body()).isEqualTo("answer to /quick");
            assertThat(ask(proxy, "tcp", "GET /raw HTTP/1.0\r\n\r\n")).contains("answer to /raw");

            await(
                    "the count",
                    () -> get(proxy.metricsPort(), "/metrics")
                            .body()
                            .contains("tick_storm_requests_total{class=\"2xx\",listener=\"http\"} 1.0"));
            assertThat(get(proxy.metricsPort(), "/metrics").body())
                    .contains("tick_storm_connections_total{listener=\"tcp\"} 1.0");
            done(proxy.close());
        }
    }

    @Test
    void whatOutlastsTheDrainTimeoutIsCutOff() throws Exception {
        try (var backend = EchoServer.start("a")) {
            var proxy = start(tcpOnly("static: [\"127.0.0.1:" + backend.port() + "\"]", "0s", "50ms"));
            var running = connect(proxy, "tcp");
            running.getOutputStream().write('x');
            running.getInputStream().readNBytes(3);

            done(proxy.drain());

            assertThat(EchoServer.wasReset(running)).isTrue();
        }
    }

    @Test
    void whatIsCutOffIsNamedInTheLog() throws Exception {
        try (var backend = new SlowServer();
                var said = new Said()) {
            var text = both("static: [{name: pod-a, address: 127.0.0.1, port: " + backend.port() + "}]")
                    .replace("timeout: 20s", "timeout: 50ms");
            var proxy = start(text);
            var cut = getAsync(proxy.ports().get("http"), "/slow/1");
            await("it to run", () -> backend.waiting() == 1);

            var drained = proxy.drain();
            assertThat(proxy.drain().isComplete()).isFalse(); // a second signal changes nothing
            done(drained);

            assertThat(cut).isCompletedExceptionally();
            assertThat(said.text())
                    .contains("1 left after the drain timeout, cut off:")
                    .containsPattern("  http: request of 127\\.0\\.0\\.1 sent to pod-a.*, attempt 1, \\d+ s");
        }
    }

    @Test
    void portsThatCannotBeBoundAreAllNamed() throws Exception {
        try (var taken = EchoServer.start("a");
                var alsoTaken = EchoServer.start("b")) {
            var text = tcpOnly("static: []")
                    .replace("protocol: TCP, port: 0", "protocol: TCP, port: " + taken.port())
                    .replace("health: {port: 0", "health: {port: " + alsoTaken.port());

            var started = Proxy.start(vertx, config(text), folder);

            await("the failure", started::isComplete);
            assertThat(started.cause())
                    .hasMessageContaining("listener tcp: 127.0.0.1:" + taken.port() + " cannot be bound")
                    .hasMessageContaining("health: 127.0.0.1:" + alsoTaken.port() + " cannot be bound");
        }
    }

    private Proxy start(String text) throws Exception {
        return done(Proxy.start(vertx, config(text), folder));
    }

    static ProxyConfig config(String text) {
        return switch (ProxyConfig.read(text, "proxy.yaml")) {
            case ConfigResult.Valid(var config) -> config;
            case ConfigResult.Invalid invalid -> throw new AssertionError(invalid.messages());
        };
    }

    private static String tcpOnly(String discovery) {
        return tcpOnly(discovery, "0s", "1s");
    }

    private static String tcpOnly(String discovery, String delay, String timeout) {
        return """
                listeners:
                  - {name: tcp, protocol: TCP, port: 0, address: 127.0.0.1, backend: web, idleTimeout: 0s}
                backends:
                  - name: web
                    discovery: {%s}
                drain: {delay: %s, timeout: %s}
                health: {port: 0, address: 127.0.0.1}
                admin: {port: 0}
                metrics: {port: 0, address: 127.0.0.1}
                """.formatted(discovery, delay, timeout);
    }

    private static String both(String discovery) {
        return tcpOnly(discovery, "500ms", "20s")
                .replace(
                        "backends:",
                        "  - {name: http, protocol: HTTP, port: 0, address: 127.0.0.1, backend: web}\nbackends:");
    }

    private static String endpoint(String name, int port) {
        return "endpoints: [{uid: " + name + ", name: " + name + ", address: 127.0.0.1, ports: {tcp: " + port + "}}]\n";
    }

    private String upstreams(Proxy proxy) {
        return get(proxy.adminPort(), "/state").body();
    }

    private void write(String name, String text) throws IOException {
        var fresh = folder.resolve(".fresh");
        Files.writeString(fresh, text);
        Files.move(fresh, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private HttpResponse<String> get(int port, String path) {
        return getAsync(port, path).join();
    }

    private CompletableFuture<HttpResponse<String>> getAsync(int port, String path) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
        return http.sendAsync(request, BodyHandlers.ofString());
    }

    /** Sends a text, ends the direction, and returns the whole answer. */
    private static String ask(Proxy proxy, String listener, String text) throws IOException {
        try (var socket = connect(proxy, listener)) {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private static Socket connect(Proxy proxy, String listener) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), proxy.ports().get(listener));
        socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(DEADLINE_SECONDS));
        return socket;
    }

    private static <T> T done(io.vertx.core.Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }
}
