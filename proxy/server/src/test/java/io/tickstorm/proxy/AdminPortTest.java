package io.tickstorm.proxy;

import static io.tickstorm.proxy.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.tickstorm.proxy.transport.EpollLoops;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person gets from the ports for people, over real sockets. */
class AdminPortTest {
    private static final String[] BY_HAND = {"X-Tickstorm-Admin", "curl"};

    @TempDir
    private Path folder;

    private final Vertx vertx = Vertx.builder()
            .with(new VertxOptions().setEventLoopPoolSize(1))
            .withTransport(EpollLoops.transport())
            .build();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private HttpServer well;
    private int closed;

    @BeforeEach
    void setUp() throws IOException {
        well = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        well.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write("ok".getBytes(StandardCharsets.US_ASCII));
            exchange.close();
        });
        well.start();
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
    }

    @AfterEach
    void tearDown() throws Exception {
        http.shutdownNow();
        well.stop(0);
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void whyAnUpstreamGetsNoWorkIsSaidInWords() throws Exception {
        var proxy = start("", endpoint("well", well.getAddress().getPort()), endpoint("gone", closed));

        var text = whileHeldBack(proxy, "/why?upstream=gone");

        assertThat(text)
                .startsWith("gone (127.0.0.1:" + closed + ") of backend web gets no new work.\nBecause:\n")
                .contains("  - UNREACHABLE for ")
                .contains("What to do:\n  - see whether its process listens on 127.0.0.1:" + closed)
                .containsPattern("GET 127.0.0.1:[0-9]+/ from 127.0.0.1:[0-9]+: 200 after ")
                .contains("attempt 1: gone (127.0.0.1:" + closed + "), begun after ")
                .contains("CONNECT_REFUSED after ")
                .contains("attempt 2: well (127.0.0.1:" + well.getAddress().getPort() + ")")
                .contains("answered 200");
    }

    @Test
    void whyAnUpstreamGetsWorkIsSaid() throws Exception {
        var proxy = start("", endpoint("well", well.getAddress().getPort()));
        ask(proxy, "id-0");

        assertThat(get(proxy, "/why?upstream=well").body())
                .startsWith(
                        "well (127.0.0.1:" + well.getAddress().getPort()
                                + ") of backend web gets new work: its fair share is 100 %.\nBecause:\n  - nothing holds it back\n")
                .contains("of 1 answer half came within ")
                .contains("no failed or retried request is kept");
    }

    @Test
    void whyARequestFailedIsKnownByItsId() throws Exception {
        var proxy = start("", endpoint("gone", closed));
        assertThat(ask(proxy, "id-7").statusCode()).isGreaterThanOrEqualTo(500);

        var answer = new JsonObject(get(proxy, "/why?request=id-7", "Accept", "application/json")
                        .body())
                .getJsonArray("answers")
                .getJsonObject(0);

        assertThat(answer.getString("verdict")).startsWith("Request id-7 was answered 50");
        assertThat(answer.getJsonArray("requests").getJsonObject(0).getString("requestId"))
                .isEqualTo("id-7");
        assertThat(answer.getJsonArray("because").toString()).contains("gone failed: CONNECT_REFUSED");
        assertThat(get(proxy, "/why?request=another").statusCode()).isEqualTo(404);
    }

    @Test
    void aBackendAndAListenerTellWhatFailed() throws Exception {
        var proxy = start("", endpoint("well", well.getAddress().getPort()), endpoint("gone", closed));

        assertThat(whileHeldBack(proxy, "/why?backend=web"))
                .startsWith("Backend web serves: 1 of 2 upstreams gets new work.")
                .contains("gone (127.0.0.1:" + closed + ") gets no new work: ")
                .contains("failed or retried request");
        assertThat(get(proxy, "/why?listener=http").body())
                .startsWith("Listener http accepts HTTP on 127.0.0.1:")
                .contains("× COMPLETE with 200 after 2 attempts: all of the answer was handed to the client");
    }

    @Test
    void whatNobodyKnowsIsAnsweredWithWhatThereIs() throws Exception {
        var proxy = start("", endpoint("well", well.getAddress().getPort()));

        assertThat(error(get(proxy, "/why?upstream=wel"), 404)).isEqualTo("upstream: wel (expected: one of well)");
        assertThat(error(get(proxy, "/why?backend=bew"), 404)).isEqualTo("backend: bew (expected: one of web)");
        assertThat(error(get(proxy, "/why"), 400))
                .isEqualTo("nothing (expected: exactly one of upstream, backend, listener, request)");
        assertThat(error(get(proxy, "/stat"), 404)).isEqualTo("/stat (expected: a path that GET / names)");
        assertThat(error(send(proxy, "POST", "/state"), 405)).startsWith("POST /state (expected: the method");
        assertThat(get(proxy, "/").body()).contains("GET  /why?request=ID");
    }

    @Test
    void anUpstreamThatIsDrainedByHandGetsNothingNewUntilItIsResumed() throws Exception {
        var proxy = start(
                "",
                endpoint("well", well.getAddress().getPort()),
                endpoint("other", well.getAddress().getPort(), "127.0.0.2"));

        var drained = send(proxy, "POST", "/backends/web/upstreams/other/drain", BY_HAND);

        assertThat(drained.statusCode()).as(drained.body()).isEqualTo(200);
        assertThat(new JsonObject(drained.body()).getBoolean("drainedByHand")).isTrue();
        assertThat(upstream(proxy, "other").getBoolean("serving")).isFalse();
        assertThat(upstream(proxy, "other")
                        .getJsonArray("held")
                        .getJsonObject(0)
                        .getString("detail"))
                .isEqualTo("drained by hand");
        for (int i = 0; i < 10; i++) {
            assertThat(ask(proxy, "id-" + i).statusCode()).isEqualTo(200);
        }
        assertThat(upstream(proxy, "other").getInteger("requests")).isZero();

        var resumed = send(proxy, "POST", "/backends/web/upstreams/other/resume", BY_HAND);

        assertThat(new JsonObject(resumed.body()).getBoolean("drainedByHand")).isFalse();
        assertThat(upstream(proxy, "other").getBoolean("serving")).isTrue();
    }

    @Test
    void withoutATokenAChangeMustShowThatNoWebPageSentIt() throws Exception {
        var proxy = start("", endpoint("well", well.getAddress().getPort()));

        var refused = send(proxy, "POST", "/backends/web/upstreams/well/drain");

        assertThat(error(refused, 403))
                .isEqualTo("X-Tickstorm-Admin: missing (expected: any value, to show that no web page sent this)");
        assertThat(upstream(proxy, "well").getBoolean("drainedByHand")).isFalse();
    }

    @Test
    void withATokenEveryChangeNeedsItAndItMayBeReplaced() throws Exception {
        var file = folder.resolve("token");
        Files.writeString(file, "secret\n");
        var proxy =
                start(", tokenFile: token", endpoint("well", well.getAddress().getPort()));
        var path = "/log-level?logger=test.admin&level=debug";

        assertThat(send(proxy, "PUT", path, BY_HAND).statusCode()).isEqualTo(401);
        assertThat(send(proxy, "PUT", path, "Authorization", "Bearer secre").statusCode())
                .isEqualTo(401);
        assertThat(send(proxy, "PUT", path, "Authorization", "Bearer secret").statusCode())
                .isEqualTo(200);
        assertThat(get(proxy, "/state").statusCode()).isEqualTo(200);

        Files.writeString(file, "newer\n");

        assertThat(send(proxy, "PUT", path, "Authorization", "Bearer secret").statusCode())
                .isEqualTo(401);
        assertThat(send(proxy, "PUT", path, "Authorization", "bearer newer").statusCode())
                .isEqualTo(200);

        Files.delete(file);

        assertThat(error(send(proxy, "PUT", path, "Authorization", "Bearer newer"), 503))
                .startsWith("admin.tokenFile: " + file + " cannot be read");
    }

    @Test
    void aPageThatHasItsNameResolveToUsReadsNothing() throws Exception {
        var proxy = start("", endpoint("well", well.getAddress().getPort()));

        assertThat(withHost(proxy, "rebound.example"))
                .startsWith("HTTP/1.1 421 ")
                .contains("an IP address or localhost");
        assertThat(withHost(proxy, "localhost:8404")).startsWith("HTTP/1.1 200 ");
        assertThat(withHost(proxy, "[::1]:8404")).startsWith("HTTP/1.1 200 ");
        assertThat(withHost(proxy, "127.0.0.1")).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void theConfigurationIsShownWithItsDefaultsAndItsProblems() throws Exception {
        var proxy = start("", endpoint("well", well.getAddress().getPort()));
        assertThat(get(proxy, "/config").body()).startsWith("listeners:").contains("headerTimeout: 10s");

        proxy.refused(List.of("proxy.yaml:3: listeners[0].port: 70000 (expected: 0..65535)"));

        assertThat(get(proxy, "/config").body())
                .startsWith("# A newer configuration was refused; this one still holds:\n"
                        + "#   proxy.yaml:3: listeners[0].port: 70000 (expected: 0..65535)\n");
        var json = new JsonObject(
                get(proxy, "/config", "Accept", "application/json").body());
        assertThat(json.getBoolean("refused")).isTrue();
        assertThat(json.getJsonArray("problems")).hasSize(1);
        assertThat(json.getJsonObject("configuration").getJsonObject("admin").getString("address"))
                .isEqualTo("127.0.0.1");
    }

    @Test
    void theLogLevelChangesWhileItRuns() throws Exception {
        var proxy = start("", endpoint("well", well.getAddress().getPort()));

        var changed = send(proxy, "PUT", "/log-level?logger=test.admin&level=warn", BY_HAND);

        assertThat(new JsonObject(changed.body()).getJsonObject("levels").getString("test.admin"))
                .isEqualTo("warn");
        assertThat(get(proxy, "/log-level").body()).contains("\"root\" : \"info\"");
        assertThat(error(send(proxy, "PUT", "/log-level?level=loud", BY_HAND), 400))
                .isEqualTo("level: loud (expected: one of error, warn, info, debug, trace)");
    }

    @Test
    void healthSaysWhatIsWrongInWords() throws Exception {
        var proxy = start("", endpoint("well", well.getAddress().getPort()));
        var health = health(proxy);
        assertThat(health.getString("status")).isEqualTo("healthy");
        assertThat(health.fieldNames())
                .contains(
                        "instance_id",
                        "uptime_seconds",
                        "active_connections",
                        "total_connections",
                        "memory_usage_mb",
                        "cpu_usage_percent");

        send(proxy, "POST", "/backends/web/upstreams/well/drain", BY_HAND);
        proxy.refused(List.of("proxy.yaml:3: listeners[0].port: 70000 (expected: 0..65535)"));

        var degraded = health(proxy);
        assertThat(degraded.getString("status")).isEqualTo("degraded");
        assertThat(names(degraded.getJsonArray("checks")))
                .containsExactly("listeners healthy", "backend web degraded", "configuration degraded");
        assertThat(degraded.getJsonArray("checks").toString())
                .contains("is held back, DRAINING for ", ": drained by hand")
                .contains("the last change was refused")
                .contains("proxy.yaml:3: listeners[0].port: 70000 (expected: 0..65535)");
    }

    @Test
    void theMetricsPortRecommendsReplicas() throws Exception {
        var proxy = start("", endpoint("well", well.getAddress().getPort()));
        ask(proxy, "id-0");

        var metrics = new JsonObject(body(proxy.metricsPort(), "/autoscaling/metrics"));
        var recommended = new JsonObject(body(proxy.metricsPort(), "/autoscaling/recommendations?replicas=2"));

        assertThat(metrics.getLong("total_connections")).isEqualTo(1);
        assertThat(recommended.getString("action")).isIn("scale_down", "scale_up", "none");
        assertThat(recommended.getString("reason")).isNotBlank();
        assertThat(recommended.getInteger("connections_per_instance")).isEqualTo(80_000);
    }

    /** An answer that was given while the one that is gone was held back, which lasts a second after each attempt on it. */
    private String whileHeldBack(Proxy proxy, String path) throws Exception {
        var answer = new AtomicReference<>("");
        await("an answer while it is held back", () -> {
            try {
                assertThat(ask(proxy, "id-0").statusCode()).isEqualTo(200);
                answer.set(get(proxy, path).body());
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
            return answer.get().contains("UNREACHABLE for ");
        });
        return answer.get();
    }

    private JsonObject health(Proxy proxy) throws Exception {
        return new JsonObject(body(proxy.healthPort(), "/health"));
    }

    private static List<String> names(JsonArray checks) {
        return checks.stream()
                .map(JsonObject.class::cast)
                .map(check -> check.getString("name") + " " + check.getString("status"))
                .toList();
    }

    private JsonObject upstream(Proxy proxy, String name) {
        try {
            return new JsonObject(get(proxy, "/state").body())
                    .getJsonArray("backends").getJsonObject(0).getJsonArray("upstreams").stream()
                            .map(JsonObject.class::cast)
                            .filter(upstream -> upstream.getString("name").equals(name))
                            .findFirst()
                            .orElseThrow();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String error(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return new JsonObject(answer.body()).getString("error");
    }

    private HttpResponse<String> ask(Proxy proxy, String id) throws IOException, InterruptedException {
        var port = proxy.ports().getOrDefault("http", 0);
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                        .header("X-Request-Id", id)
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpResponse<String> get(Proxy proxy, String path, String... headers)
            throws IOException, InterruptedException {
        return send(proxy, "GET", path, headers);
    }

    private HttpResponse<String> send(Proxy proxy, String method, String path, String... headers)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + proxy.adminPort() + path))
                .method(method, BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private String body(int port, String path) throws IOException, InterruptedException {
        return http.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }

    private static String withHost(Proxy proxy, String host) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), proxy.adminPort())) {
            socket.getOutputStream()
                    .write(("GET /state HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private Proxy start(String admin, String... endpoints) throws Exception {
        var config = ProxyTest.config("""
                listeners:
                  - {name: http, port: 0, address: 127.0.0.1, backend: web}
                backends:
                  - name: web
                    discovery: {static: [%s]}
                    balancing: {policy: RoundRobin}
                drain: {delay: 0s, timeout: 1s}
                accessLog: {requests: None}
                health: {port: 0, address: 127.0.0.1}
                admin: {port: 0%s}
                metrics: {port: 0, address: 127.0.0.1}
                """.formatted(String.join(", ", endpoints), admin));
        return Proxy.start(vertx, config, folder)
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    private static String endpoint(String name, int port) {
        return endpoint(name, port, "127.0.0.1");
    }

    private static String endpoint(String name, int port, String address) {
        return "{name: " + name + ", address: " + address + ", port: " + port + "}";
    }
}
