package io.tickstorm.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a browser is given by the admin port, over real sockets. */
class LivePageTest {
    private static final int PATIENCE_MILLIS = (int) Duration.ofSeconds(20).toMillis();

    @TempDir
    private Path folder;

    private final AdminClient admin = new AdminClient();
    private final List<Browser> browsers = new ArrayList<>();
    private HttpServer server;

    @BeforeEach
    void setUp() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write("ok".getBytes(StandardCharsets.US_ASCII));
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void tearDown() throws Exception {
        for (var browser : browsers) {
            browser.close();
        }
        admin.end();
        server.stop(0);
    }

    @Test
    void aBrowserGetsThePageAndAProgramThePaths() throws Exception {
        start();

        var page = admin.get("/", "Accept", "text/html,application/xhtml+xml");

        assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
        assertThat(page.body()).startsWith("<!doctype html>");
        assertThat(admin.get("/", "Accept", "*/*").body()).contains("GET  /stats;csv");
    }

    @Test
    void everyFileComesWithThePolicy() throws Exception {
        start();

        for (var path : List.of("/", "/page/main.js", "/page/base.css", "/page/icon.svg", "/page/chart.js")) {
            var file = admin.get(path, "Accept", "text/html");

            assertThat(file.statusCode()).as(path).isEqualTo(200);
            assertThat(file.headers().firstValue("Content-Security-Policy").orElse(""))
                    .as(path)
                    .startsWith("default-src 'none'; script-src 'self'; style-src 'self';")
                    .doesNotContain("unsafe");
            assertThat(file.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        }
        assertThat(admin.get("/page/..%2fPage.class").statusCode()).isEqualTo(404);
        assertThat(admin.get("/page/chart.js").body()).contains("Chart.js v");
    }

    @Test
    void aPageIsToldTheStateTwiceASecond() throws Exception {
        start();
        var browser = open();

        var first = browser.next("state");
        admin.through("/");
        var later = browser.next("state", state -> upstream(state).getLong("requests") == 1);

        assertThat(first.getBoolean("token")).isFalse();
        assertThat(first.getJsonArray("listeners").getJsonObject(0).getString("protocol"))
                .isEqualTo("HTTP");
        assertThat(upstream(later).getDouble("fair")).isEqualTo(100);
        assertThat(upstream(later).containsKey("held")).isFalse();
        assertThat(browser.next("sample", told -> told.getJsonObject("series").containsKey("web"))
                        .getInteger("step"))
                .isEqualTo(2000);
    }

    @Test
    void whatIsDoneByHandIsInTheTimeline() throws Exception {
        var proxy = start();
        var browser = open();
        assertThat(texts(browser.next("timeline", told -> texts(told).size() == 2)))
                .contains("well (" + address() + ") came");

        admin.send("POST", "/backends/web/upstreams/" + address() + "/drain", "X-Tickstorm-Admin", "page");
        var drained = "well (" + address() + ") is drained by hand";
        browser.next("timeline", told -> texts(told).contains(drained));

        proxy.refused(List.of("proxy.yaml:3: listeners[0].port: 70000 (expected: 0..65535)"));
        var refused = "a newer configuration is refused, what held before still holds: "
                + "proxy.yaml:3: listeners[0].port: 70000 (expected: 0..65535)";
        browser.next("timeline", told -> texts(told).contains(refused));
        var state = browser.next(
                "state", json -> json.getJsonObject("configuration").getBoolean("refused"));
        assertThat(upstream(state).getJsonArray("held").getJsonObject(0).getString("detail"))
                .isEqualTo("drained by hand");
    }

    @Test
    void noMorePagesAreOpenThanMayBe() throws Exception {
        var proxy = start();
        for (int i = 0; i < 16; i++) {
            assertThat(open().status).contains(" 200 ");
        }

        assertThat(open().status).contains(" 503 ");

        browsers.getFirst().close();
        Await.await("a place", () -> {
            try (var next = new Browser(proxy.adminPort(), "Accept: text/event-stream")) {
                return next.status.contains(" 200 ");
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void aPageOfAnotherPlaceIsToldNothing() throws Exception {
        var proxy = start();
        var own = "http://127.0.0.1:" + proxy.adminPort();

        assertThat(open("Origin: http://elsewhere.example").status).contains(" 403 ");
        assertThat(open("Sec-Fetch-Site: cross-site").status).contains(" 403 ");
        assertThat(open("Host: rebound.example").status).contains(" 421 ");
        assertThat(open("Origin: " + own, "Sec-Fetch-Site: same-origin").status).contains(" 200 ");
    }

    @Test
    void theStatisticsAreThoseOfARunningProxy() throws Exception {
        start();
        admin.through("/");

        var csv = admin.get("/stats;csv").body();

        assertThat(csv.lines().toList())
                .anyMatch(line -> line.startsWith("http,FRONTEND,"))
                .anyMatch(line -> line.startsWith("web,well,") && line.contains(",no check,"))
                .anyMatch(line -> line.startsWith("web,BACKEND,") && line.contains(",UP,"));
    }

    private static JsonObject upstream(JsonObject state) {
        return state.getJsonArray("backends")
                .getJsonObject(0)
                .getJsonArray("upstreams")
                .getJsonObject(0);
    }

    private static List<String> texts(JsonObject timeline) {
        return timeline.getJsonArray("all").stream()
                .map(JsonObject.class::cast)
                .map(event -> event.getString("text"))
                .toList();
    }

    private String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    private Browser open(String... fields) throws IOException {
        var browser = new Browser(admin.proxy().adminPort(), fields);
        browsers.add(browser);
        return browser;
    }

    private Proxy start() throws Exception {
        return admin.start(folder, "", """
                listeners:
                  - {name: http, port: 0, address: 127.0.0.1, backend: web}
                backends:
                  - name: web
                    discovery: {static: [{name: well, address: 127.0.0.1, port: %d}]}
                """.formatted(server.getAddress().getPort()));
    }

    /** Reads server-sent events. */
    private static final class Browser implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader reader;
        private final String status;

        /** @param fields of the request; a Host replaces ours */
        Browser(int port, String... fields) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(PATIENCE_MILLIS);
            var given = String.join("\r\n", fields);
            var host = given.contains("Host:") ? "" : "Host: 127.0.0.1:" + port + "\r\n";
            var request = "GET /live HTTP/1.1\r\n" + host + (given.isEmpty() ? "" : given + "\r\n") + "\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            status = String.valueOf(reader.readLine());
        }

        JsonObject next(String event) throws IOException {
            return next(event, json -> true);
        }

        /** The next of this name that is so; a list comes as {@code all}. */
        JsonObject next(String event, Predicate<JsonObject> wanted) throws IOException {
            var deadline =
                    System.nanoTime() + Duration.ofMillis(PATIENCE_MILLIS).toNanos();
            while (true) {
                var line = reader.readLine();
                if (line == null || System.nanoTime() - deadline > 0) {
                    throw new IOException("no " + event + " that is as it should be");
                }
                if (line.equals("event: " + event)) {
                    var data = reader.readLine().substring("data: ".length());
                    var json = data.startsWith("[")
                            ? new JsonObject().put("all", new JsonArray(data))
                            : new JsonObject(data);
                    if (wanted.test(json)) {
                        return json;
                    }
                }
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
