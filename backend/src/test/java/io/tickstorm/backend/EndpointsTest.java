package io.tickstorm.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The HTTP endpoints over real sockets. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EndpointsTest {
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private Running running;

    @BeforeAll
    void start() {
        running = new Running(Duration.ZERO, Duration.ZERO);
    }

    @AfterAll
    void stop() {
        client.shutdownNow();
        client.close();
        running.close();
    }

    @Test
    void theFrontPageSaysWhoIsThere() throws Exception {
        var before = json(get("/")).getLong("requests");

        var answer = get("/");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(json(answer))
                .isEqualTo(new JsonObject()
                        .put("instance_id", Running.ID)
                        .put("pod", "pod-a")
                        .put("requests", before + 1));
    }

    @Test
    void aBadVersionFailsWhateverItIsAskedForAndSaysWhoItWas() throws Exception {
        try (var bad = new Running(Duration.ZERO, Duration.ZERO, 100)) {
            for (var path : new String[] {"/", "/echo", "/nowhere"}) {
                var uri = URI.create("http://127.0.0.1:" + bad.ports.http() + path);

                var answer = client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());

                assertThat(answer.statusCode()).as(path).isEqualTo(500);
                assertThat(answer.headers().firstValue("x-served-by")).hasValue(Running.ID);
            }
        }
    }

    @Test
    void statusShowsWhatTheServerIsDoing() throws Exception {
        var status = json(get("/status"));

        assertThat(status.getString("status")).isEqualTo("serving");
        assertThat(status.getLong("requests")).isPositive();
        assertThat(status.getLong("active_connections")).isPositive();
        assertThat(status.getLong("total_connections")).isPositive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/nothing", "/slow?ms=x", "/fail?rate=1", "/bytes", "/posts", "/stream?count=1", "/echo"})
    void everyAnswerNamesItsServer(String path) throws Exception {
        assertThat(get(path).headers().allValues("x-served-by")).containsExactly(Running.ID);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/slow?ms=-1 | ms: -1 (expected: 0..600000)",
                "/slow?ms=fast | ms: fast (expected: 0..600000)",
                "/fail?rate=1.5 | rate: 1.5 (expected: 0..1)",
                "/fail?rate=NaN | rate: NaN (expected: 0..1)",
                "/fail?code=404 | code: 404 (expected: 500..599)",
                "/stream?ms=0 | ms: 0 (expected: 1..600000)",
                "/bytes?n=1073741825 | n: 1073741825 (expected: 0..1073741824)",
                "/posts?list=yes | list: yes (expected: true or false)",
                "/ws | Upgrade: null (expected: websocket)",
            })
    void aBadParameterIsNamedWithWhatWasExpected(String path, String error) throws Exception {
        var answer = get(path);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).getString("error")).isEqualTo(error);
    }

    @Test
    void anUnknownPathIsNotFound() throws Exception {
        assertThat(get("/nothing").statusCode()).isEqualTo(404);
    }

    @Test
    void echoDescribesARequestWithoutABody() throws Exception {
        var answer =
                client.send(request("/echo?a=b").header("X-Colour", "green").build(), BodyHandlers.ofString());

        var described = json(answer);
        assertThat(described.getString("method")).isEqualTo("GET");
        assertThat(described.getString("uri")).isEqualTo("/echo?a=b");
        assertThat(described.getJsonObject("headers").getJsonArray("X-Colour")).containsExactly("green");
        assertThat(answer.headers().firstValue("x-echo-x-colour")).hasValue("green");
    }

    @Test
    void echoGivesABodyBackAsItCame() throws Exception {
        var body = bytes(5_000_000, i -> i * 31 >>> 8);

        for (var publisher : new HttpRequest.BodyPublisher[] {
            BodyPublishers.ofByteArray(body), BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))
        }) {
            var answer = client.send(
                    request("/echo")
                            .header("Content-Type", "image/png")
                            .POST(publisher)
                            .build(),
                    BodyHandlers.ofByteArray());

            assertThat(answer.body()).isEqualTo(body);
            assertThat(answer.headers().firstValue("content-type")).hasValue("image/png");
            assertThat(answer.headers().firstValue("x-echo-method")).hasValue("POST");
        }
    }

    @Test
    void failFailsWithTheGivenRateAndStatus() throws Exception {
        assertThat(get("/fail?rate=1").statusCode()).isEqualTo(503);
        assertThat(get("/fail?rate=1&code=500").statusCode()).isEqualTo(500);
        assertThat(get("/fail?rate=0").statusCode()).isEqualTo(200);
    }

    @Test
    void slowAnswersAfterTheTimeAsked() throws Exception {
        assertThat(json(get("/slow?ms=20")).getInteger("waited_ms")).isEqualTo(20);
        assertThat(get("/slow?ms=0").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 251, 16_384, 16_385, 3_000_000})
    void bytesGivesExactlySoManyBytesOfThePattern(int count) throws Exception {
        var answer = client.send(request("/bytes?n=" + count).build(), BodyHandlers.ofByteArray());

        assertThat(answer.body()).isEqualTo(bytes(count, i -> i % 251));
        assertThat(answer.headers().firstValue("content-length")).hasValue(Integer.toString(count));
    }

    @Test
    void aGibibyteIsNotHeldInMemoryForAReaderWhoStops() throws Exception {
        // The heap of the tests is half of that.
        var answer = client.send(request("/bytes?n=1073741824").build(), BodyHandlers.ofInputStream());

        try (InputStream body = answer.body()) {
            assertThat(body.readNBytes(1_000_000)).hasSize(1_000_000);
            assertThat(get("/").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void streamSendsEventsUntilItsCount() throws Exception {
        var answer = get("/stream?ms=1&count=3");

        assertThat(answer.headers().firstValue("content-type")).hasValue("text/event-stream");
        assertThat(answer.body()).isEqualTo("""
                        id: 1
                        data: {"instance_id":"backend-a","event":1}

                        id: 2
                        data: {"instance_id":"backend-a","event":2}

                        id: 3
                        data: {"instance_id":"backend-a","event":3}

                        """);
    }

    @Test
    void theWebSocketSendsEveryMessageBack() throws Exception {
        var heard = new Heard();
        var socket = client.newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + running.ports.http() + "/ws"), heard)
                .get();

        socket.sendText("hel", false).get();
        socket.sendText("lo €", true).get();
        assertThat(heard.next()).isEqualTo("hello €");
        socket.sendBinary(ByteBuffer.wrap(new byte[] {1, 2, 3}), true).get();
        assertThat(heard.next()).isEqualTo("[1, 2, 3]");
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get();
        assertThat(heard.next()).isEqualTo("closed 1000");
    }

    @Test
    void postsAreRememberedByTheirId() throws Exception {
        var before = json(get("/posts"));
        post("/", "once");
        post("/echo", "twice");
        post("/slow?ms=0", "twice");
        client.send(request("/").header("X-Load-Id", "not-a-post").build(), BodyHandlers.discarding());

        var posts = json(get("/posts"));

        assertThat(posts.getLong("posts") - before.getLong("posts")).isEqualTo(3);
        assertThat(posts.getLong("ids") - before.getLong("ids")).isEqualTo(2);
        assertThat(posts.getJsonObject("repeated")).isEqualTo(new JsonObject().put("twice", 2));
        assertThat(posts.getLong("repeated_ids")).isOne();
        assertThat(get("/posts?list=true").body().lines()).contains("1 once", "2 twice");
    }

    @Test
    void anIdThatIsTooLongIsRefused() throws Exception {
        assertThat(post("/", "x".repeat(129)).statusCode()).isEqualTo(400);
    }

    @Test
    void aLongListOfPostsIsWhole() throws Exception {
        for (int i = 0; i < 600; i++) {
            post("/", "list-" + i);
        }

        assertThat(get("/posts?list=true").body().lines().filter(line -> line.startsWith("1 list-")))
                .hasSize(600)
                .doesNotHaveDuplicates();
    }

    @Test
    void metricsAndHealthShowTheTraffic() throws Exception {
        get("/");
        get("/nothing");

        var metrics = send(running.ports.metrics(), "/metrics").body();
        var health = json(send(running.ports.health(), "/health"));

        assertThat(metrics).containsPattern("\ntick_storm_active_connections [1-9]");
        assertThat(metrics).containsPattern("\ntick_storm_http_requests_total [1-9]");
        assertThat(metrics).containsPattern("\ntick_storm_http_responses_total\\{class=\"4xx\"\\} [1-9]");
        assertThat(metrics).contains("\ntick_storm_errors_total{code=\"AUTH_REQUIRED\"} 0.0");
        assertThat(health.getLong("active_connections")).isPositive();
        assertThat(health.getLong("total_connections")).isPositive();
        assertThat(send(running.ports.health(), "/ready").statusCode()).isEqualTo(200);
        assertThat(send(running.ports.health(), "/ping").body()).isEqualTo("pong");
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(running.ports.http(), path);
    }

    private HttpResponse<String> send(int port, String path) throws IOException, InterruptedException {
        var uri = URI.create("http://127.0.0.1:" + port + path);
        return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String id) throws IOException, InterruptedException {
        return client.send(
                request(path)
                        .header("X-Load-Id", id)
                        .POST(BodyPublishers.ofString("{}"))
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + running.ports.http() + path));
    }

    private static byte[] bytes(int count, IntUnaryOperator value) {
        var bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) value.applyAsInt(i);
        }
        return bytes;
    }

    private static JsonObject json(HttpResponse<String> answer) {
        return new JsonObject(answer.body());
    }

    /** What a WebSocket said, in order. */
    private static final class Heard implements WebSocket.Listener {
        private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();

        String next() throws InterruptedException {
            return messages.poll(30, TimeUnit.SECONDS);
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                messages.add(text.toString());
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            var bytes = new byte[data.remaining()];
            data.get(bytes);
            messages.add(Arrays.toString(bytes));
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            messages.add("closed " + code);
            return null;
        }
    }
}
