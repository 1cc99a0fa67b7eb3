package io.tickstorm.proxy;

import static io.tickstorm.proxy.AdminClient.AS_JSON;
import static io.tickstorm.proxy.AdminClient.BY_HAND;
import static io.tickstorm.proxy.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person gets from the ports for people, over real sockets. */
class AdminPortTest {
    @TempDir
    private Path folder;

    private final AdminClient admin = new AdminClient();
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
        admin.end();
        well.stop(0);
    }

    @Test
    void whyAnUpstreamGetsNoWorkIsSaidInWords() throws Exception {
        start("", endpoint("well", well.getAddress().getPort()), endpoint("gone", closed));

        var text = whileHeldBack("/why?upstream=gone");

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
        start("", endpoint("well", well.getAddress().getPort()));
        ask("id-0");

        assertThat(admin.get("/why?upstream=well").body())
                .startsWith(
                        "well (127.0.0.1:" + well.getAddress().getPort()
                                + ") of backend web gets new work: its fair share is 100 %.\nBecause:\n  - nothing holds it back\n")
                .contains("of 1 answer half came within ")
                .contains("no failed or retried request is kept");
    }

    @Test
    void whyARequestFailedIsKnownByItsId() throws Exception {
        start("", endpoint("gone", closed));
        assertThat(ask("id-7").statusCode()).isGreaterThanOrEqualTo(500);

        var answer = new JsonObject(admin.get("/why?request=id-7", AS_JSON).body())
                .getJsonArray("answers")
                .getJsonObject(0);

        assertThat(answer.getString("verdict")).startsWith("Request id-7 was answered 50");
        assertThat(answer.getJsonArray("requests").getJsonObject(0).getString("requestId"))
                .isEqualTo("id-7");
        assertThat(answer.getJsonArray("because").toString()).contains("gone failed: CONNECT_REFUSED");
        assertThat(admin.get("/why?request=another").statusCode()).isEqualTo(404);
    }

    @Test
    void aBackendAndAListenerTellWhatFailed() throws Exception {
        start("", endpoint("well", well.getAddress().getPort()), endpoint("gone", closed));

        assertThat(whileHeldBack("/why?backend=web"))
                .startsWith("Backend web serves: 1 of 2 upstreams gets new work.")
                .contains("gone (127.0.0.1:" + closed + ") gets no new work: ")
                .contains("failed or retried request");
        assertThat(admin.get("/why?listener=http").body())
                .startsWith("Listener http accepts HTTP on 127.0.0.1:")
                .contains("× COMPLETE with 200 after 2 attempts: all of the answer was handed to the client");
    }

    @Test
    void whatNobodyKnowsIsAnsweredWithWhatThereIs() throws Exception {
        start("", endpoint("well", well.getAddress().getPort()));

        assertThat(error(admin.get("/why?upstream=wel"), 404)).isEqualTo("upstream: wel (expected: one of well)");
        assertThat(error(admin.get("/why?backend=bew"), 404)).isEqualTo("backend: bew (expected: one of web)");
        assertThat(error(admin.get("/why"), 400))
                .isEqualTo("nothing (expected: exactly one of upstream, backend, listener, request)");
        assertThat(error(admin.get("/stat"), 404)).isEqualTo("/stat (expected: a path that GET / names)");
        assertThat(error(admin.send("POST", "/state"), 405)).startsWith("POST /state (expected: the method");
        assertThat(admin.get("/").body()).contains("GET  /why?request=ID");
    }

    @Test
    void anUpstreamThatIsDrainedByHandGetsNothingNewUntilItIsResumed() throws Exception {
        start(
                "",
                endpoint("well", well.getAddress().getPort()),
                endpoint("other", well.getAddress().getPort(), "127.0.0.2"));

        var drained = admin.send("POST", "/backends/web/upstreams/other/drain", BY_HAND);

        assertThat(drained.statusCode()).as(drained.body()).isEqualTo(200);
        assertThat(new JsonObject(drained.body()).getBoolean("drainedByHand")).isTrue();
        assertThat(admin.upstream("other").getBoolean("serving")).isFalse();
        assertThat(admin.upstream("other").getJsonArray("held").getJsonObject(0).getString("detail"))
                .isEqualTo("drained by hand");
        for (int i = 0; i < 10; i++) {
            assertThat(ask("id-" + i).statusCode()).isEqualTo(200);
        }
        assertThat(admin.upstream("other").getInteger("requests")).isZero();

        var resumed = admin.send("POST", "/backends/web/upstreams/other/resume", BY_HAND);

        assertThat(new JsonObject(resumed.body()).getBoolean("drainedByHand")).isFalse();
        assertThat(admin.upstream("other").getBoolean("serving")).isTrue();
    }

    @Test
    void withoutATokenAChangeMustShowThatNoWebPageSentIt() throws Exception {
        start("", endpoint("well", well.getAddress().getPort()));

        var refused = admin.send("POST", "/backends/web/upstreams/well/drain");

        assertThat(error(refused, 403))
                .isEqualTo("X-Tickstorm-Admin: missing (expected: any value, to show that no web page sent this)");
        assertThat(admin.upstream("well").getBoolean("drainedByHand")).isFalse();
    }

    @Test
    void withATokenEveryChangeNeedsItAndItMayBeReplaced() throws Exception {
        var file = folder.resolve("token");
        Files.writeString(file, "secret\n");
        start(", tokenFile: token", endpoint("well", well.getAddress().getPort()));
        var path = "/log-level?logger=test.admin&level=debug";

        assertThat(admin.send("PUT", path, BY_HAND).statusCode()).isEqualTo(401);
        assertThat(admin.send("PUT", path, "Authorization", "Bearer secre").statusCode())
                .isEqualTo(401);
        assertThat(admin.send("PUT", path, "Authorization", "Bearer secret").statusCode())
                .isEqualTo(200);
        assertThat(admin.get("/state").statusCode()).isEqualTo(200);

        Files.writeString(file, "newer\n");

        assertThat(admin.send("PUT", path, "Authorization", "Bearer secret").statusCode())
                .isEqualTo(401);
        assertThat(admin.send("PUT", path, "Authorization", "bearer newer").statusCode())
                .isEqualTo(200);

        Files.delete(file);

        assertThat(error(admin.send("PUT", path, "Authorization", "Bearer newer"), 503))
                .startsWith("admin.tokenFile: " + file + " cannot be read");
    }

    @Test
    void aPageThatHasItsNameResolveToUsReadsNothing() throws Exception {
        start("", endpoint("well", well.getAddress().getPort()));

        assertThat(withHost("rebound.example")).startsWith("HTTP/1.1 421 ").contains("an IP address or localhost");
        assertThat(withHost("localhost:8404")).startsWith("HTTP/1.1 200 ");
        assertThat(withHost("[::1]:8404")).startsWith("HTTP/1.1 200 ");
        assertThat(withHost("127.0.0.1")).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void theConfigurationIsShownWithItsDefaultsAndItsProblems() throws Exception {
        var proxy = start("", endpoint("well", well.getAddress().getPort()));
        assertThat(admin.get("/config").body()).startsWith("listeners:").contains("headerTimeout: 10s");

        proxy.refused(List.of("proxy.yaml:3: listeners[0].port: 70000 (expected: 0..65535)"));

        assertThat(admin.get("/config").body())
                .startsWith("# A newer configuration was refused; this one still holds:\n"
                        + "#   proxy.yaml:3: listeners[0].port: 70000 (expected: 0..65535)\n");
        var json = new JsonObject(admin.get("/config", AS_JSON).body());
        assertThat(json.getBoolean("refused")).isTrue();
        assertThat(json.getJsonArray("problems")).hasSize(1);
        assertThat(json.getJsonObject("configuration").getJsonObject("admin").getString("address"))
                .isEqualTo("127.0.0.1");
    }

    @Test
    void theLogLevelChangesWhileItRuns() throws Exception {
        start("", endpoint("well", well.getAddress().getPort()));

        var changed = admin.send("PUT", "/log-level?logger=test.admin&level=warn", BY_HAND);

        assertThat(new JsonObject(changed.body()).getJsonObject("levels").getString("test.admin"))
                .isEqualTo("warn");
        assertThat(admin.get("/log-level").body()).contains("\"root\" : \"info\"");
        assertThat(error(admin.send("PUT", "/log-level?level=loud", BY_HAND), 400))
                .isEqualTo("level: loud (expected: one of error, warn, info, debug, trace)");
    }

    @Test
    void healthSaysWhatIsWrongInWords() throws Exception {
        var proxy = start("", endpoint("well", well.getAddress().getPort()));
        var health = health();
        assertThat(health.getString("status")).isEqualTo("healthy");
        assertThat(health.fieldNames())
                .contains(
                        "instance_id",
                        "uptime_seconds",
                        "active_connections",
                        "total_connections",
                        "memory_usage_mb",
                        "cpu_usage_percent");

        admin.send("POST", "/backends/web/upstreams/well/drain", BY_HAND);
        proxy.refused(List.of("proxy.yaml:3: listeners[0].port: 70000 (expected: 0..65535)"));

        var degraded = health();
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
        start("", endpoint("well", well.getAddress().getPort()));
        ask("id-0");

        var metrics = new JsonObject(admin.metrics("/autoscaling/metrics"));
        var recommended = new JsonObject(admin.metrics("/autoscaling/recommendations?replicas=2"));

        assertThat(metrics.getLong("total_connections")).isEqualTo(1);
        assertThat(recommended.getString("action")).isIn("scale_down", "scale_up", "none");
        assertThat(recommended.getString("reason")).isNotBlank();
        assertThat(recommended.getInteger("connections_per_instance")).isEqualTo(80_000);
    }

    /** An answer that was given while the one that is gone was held back, which lasts a second after each attempt on it. */
    private String whileHeldBack(String path) throws Exception {
        var answer = new AtomicReference<>("");
        await("an answer while it is held back", () -> {
            try {
                assertThat(ask("id-0").statusCode()).isEqualTo(200);
                answer.set(admin.get(path).body());
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
            return answer.get().contains("UNREACHABLE for ");
        });
        return answer.get();
    }

    private JsonObject health() throws Exception {
        return new JsonObject(admin.health("/health"));
    }

    private static List<String> names(JsonArray checks) {
        return checks.stream()
                .map(JsonObject.class::cast)
                .map(check -> check.getString("name") + " " + check.getString("status"))
                .toList();
    }

    private static String error(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return new JsonObject(answer.body()).getString("error");
    }

    private String withHost(String host) throws IOException {
        try (var socket =
                new Socket(InetAddress.getLoopbackAddress(), admin.proxy().adminPort())) {
            socket.getOutputStream()
                    .write(("GET /state HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private HttpResponse<String> ask(String id) throws IOException, InterruptedException {
        return admin.through("/", "X-Request-Id", id);
    }

    private Proxy start(String more, String... endpoints) throws Exception {
        return admin.start(folder, more, """
                listeners:
                  - {name: http, port: 0, address: 127.0.0.1, backend: web}
                backends:
                  - name: web
                    discovery: {static: [%s]}
                    balancing: {policy: RoundRobin}
                """.formatted(String.join(", ", endpoints)));
    }

    private static String endpoint(String name, int port) {
        return endpoint(name, port, "127.0.0.1");
    }

    private static String endpoint(String name, int port, String address) {
        return "{name: " + name + ", address: " + address + ", port: " + port + "}";
    }
}
