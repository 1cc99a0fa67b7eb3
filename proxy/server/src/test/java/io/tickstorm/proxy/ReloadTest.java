package io.tickstorm.proxy;

import static io.tickstorm.proxy.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.config.ConfigHash;
import io.tickstorm.proxy.time.Ticker;
import io.tickstorm.proxy.transport.EpollLoops;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A proxy whose file changes while it serves. */
class ReloadTest {
    private static final long DEADLINE_SECONDS = 20;

    private static final String TCP = "{name: tcp, protocol: TCP, port: 0, address: 127.0.0.1, backend: web";
    private static final String OTHER = "{name: other, protocol: TCP, port: 0, address: 127.0.0.1, backend: web}";
    private static final String HTTP = "{name: http, protocol: HTTP, port: 0, address: 127.0.0.1, backend: web}";

    @TempDir
    Path folder;

    private final Said said = new Said();
    private final Vertx vertx = Vertx.builder()
            .with(new VertxOptions().setEventLoopPoolSize(2))
            .withTransport(EpollLoops.transport())
            .build();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private EchoServer a;
    private EchoServer b;
    private Proxy proxy;
    private Reload reload;

    @BeforeEach
    void setUp() throws IOException {
        a = EchoServer.start("a");
        b = EchoServer.start("b");
    }

    @AfterEach
    void tearDown() throws Exception {
        reload.close();
        http.shutdownNow();
        done(proxy.close());
        done(vertx.close());
        a.close();
        b.close();
        said.close();
    }

    @Test
    void aStreamGoesOnWhenItsBackendChangesAndNewOnesGoToTheNew() throws Exception {
        start(text(TCP + "}", backend(a.port(), "LeastConnections")));
        try (var running = connect("tcp")) {
            echoes(running, "a ");

            write(text(TCP + "}", backend(b.port(), "RoundRobin")));
            await("the change", () -> said.text().contains("taken over"));

            assertThat(ask("tcp", "new")).isEqualTo("b new");
            echoes(running, "");
        }
    }

    @Test
    void aRequestGoesOnWhenItsListenerIsRemovedAndAnotherIsAdded() throws Exception {
        try (var slow = new SlowServer()) {
            var backend = backend(slow.port(), "LeastConnections");
            start(text(HTTP, backend));
            var old = proxy.ports().get("http");
            var answer = getAsync(old, "/slow/1");
            await("the request to run", () -> slow.waiting() == 1);

            write(text(OTHER, backend));
            await("the other listener", () -> said.text().contains("taken over"));

            assertThat(proxy.ports()).containsOnlyKeys("other");
            assertThat(ask("other", "GET /new HTTP/1.0\r\n\r\n")).contains("answer to /new");
            await("the old port to close", () -> isRefused(old));
            slow.answerAll();
            assertThat(answer.get(DEADLINE_SECONDS, TimeUnit.SECONDS).body()).isEqualTo("answer to /slow/1");
        }
    }

    @Test
    void aRequestGoesOnWhenItsListenerAndItsBackendAreChanged() throws Exception {
        try (var slow = new SlowServer()) {
            start(text(HTTP, backend(slow.port(), "LeastConnections")));
            var port = proxy.ports().get("http");
            var answer = getAsync(port, "/slow/1");
            await("the request to run", () -> slow.waiting() == 1);

            write(text(
                    HTTP.replace("}", ", requestTimeout: 20s, maxHeaderSize: 8Ki}"),
                    backend(slow.port(), "RoundRobin")));
            await("the change", () -> said.text().contains("taken over"));

            assertThat(proxy.ports()).containsEntry("http", port);
            slow.answerAll();
            assertThat(answer.get(DEADLINE_SECONDS, TimeUnit.SECONDS).body()).isEqualTo("answer to /slow/1");
        }
    }

    @Test
    void whatIsCountedOfAnUpstreamSurvivesAChangeOfItsBackend() throws Exception {
        start(text(TCP + "}", backend(a.port(), "LeastConnections")));
        try (var running = connect("tcp")) {
            echoes(running, "a ");
            ask("tcp", "x");

            write(text(TCP + "}", backend(a.port(), "RoundRobin")));
            await("the change", () -> said.text().contains("taken over"));

            var upstream = "{backend=\"web\",upstream=\"127.0.0.1:" + a.port() + "\"}";
            assertThat(getAsync(proxy.metricsPort(), "/metrics")
                            .get(DEADLINE_SECONDS, TimeUnit.SECONDS)
                            .body()
                            .lines())
                    .contains(
                            "tick_storm_upstream_in_flight" + upstream + " 1.0",
                            "tick_storm_upstream_requests_total" + upstream + " 2.0");
        }
    }

    @Test
    void aLowerLimitHoldsForNewConnectionsAndDropsNone() throws Exception {
        start(text(TCP + "}", backend(a.port(), "LeastConnections")));
        var port = proxy.ports().get("tcp");
        try (var running = connect("tcp")) {
            echoes(running, "a ");

            write(text(TCP + ", maxConnections: 1}", backend(a.port(), "LeastConnections")));
            await("the change", () -> said.text().contains("taken over"));

            assertThat(proxy.ports()).containsEntry("tcp", port);
            assertThat(isClosedAtOnce("tcp")).isTrue();
            echoes(running, "");
        }
    }

    @Test
    void aWrongFileChangesNothingAndAllItsProblemsAreReported() throws Exception {
        start(text(TCP + "}", backend(a.port(), "LeastConnections")));
        var ports = proxy.ports();

        write(text(OTHER.replace("backend: web", "backend: nobody"), backend(b.port(), "Fastest")));
        await("the report", () -> said.text().contains("not taken over"));

        assertThat(said.text())
                .contains("listeners[0].backend: \"nobody\" (expected: ")
                .contains("backends[0].balancing.policy: \"Fastest\" (expected: ");
        assertThat(proxy.ports()).isEqualTo(ports);
        assertThat(proxy.problems())
                .hasSize(2)
                .anyMatch(line -> line.contains("proxy.yaml:1: listeners[0].backend: \"nobody\" (expected: "))
                .anyMatch(line -> line.contains("proxy.yaml:2: backends[0].balancing.policy: \"Fastest\" (expected: "));
        assertThat(ask("tcp", "x")).isEqualTo("a x");

        write(text(TCP + "}", backend(b.port(), "LeastConnections")));
        await("the right file", () -> said.text().contains(": taken over"));
        assertThat(ask("tcp", "x")).isEqualTo("b x");
        assertThat(proxy.problems()).isEmpty();
    }

    @Test
    void aListenerThatCannotMoveStaysWhereItIs() throws Exception {
        start(text(TCP + "}", backend(a.port(), "LeastConnections")));
        var ports = proxy.ports();

        write(text(TCP.replace("port: 0", "port: " + b.port()) + "}", backend(a.port(), "LeastConnections")));
        await("the report", () -> said.text().contains("taken over, but for 1 problems"));

        assertThat(proxy.problems())
                .singleElement(InstanceOfAssertFactories.STRING)
                .contains("listener tcp: 127.0.0.1:" + b.port() + " cannot be bound");
        assertThat(proxy.ports()).isEqualTo(ports);
        assertThat(ask("tcp", "x")).isEqualTo("a x");
    }

    @Test
    void aBackendThatCannotTakeOverItsSettingsStaysAsItIsAndTakesThemOverLater() throws Exception {
        var before = backend(a.port(), "LeastConnections");
        var sticky = before.replace("}}", "}, stickiness: {type: Cookie, secretFile: secret}}");
        start(text(TCP + "}", before));

        write(text(TCP + "}", sticky));
        await("the report", () -> said.text().contains("taken over, but for 1 problems"));
        assertThat(proxy.problems())
                .singleElement(InstanceOfAssertFactories.STRING)
                .contains("backend web: ", "stickiness.secretFile");
        assertThat(ask("tcp", "x")).isEqualTo("a x");

        Files.writeString(folder.resolve("secret"), "0123456789abcdef0123456789abcdef\n");
        write(text(TCP + ", maxConnections: 9}", sticky));
        await("the way out", () -> said.text().strip().endsWith("proxy.yaml: taken over"));
        assertThat(proxy.problems()).isEmpty();
    }

    @Test
    void whatNeedsARestartIsSaidUntilItIsAsAtTheStart() throws Exception {
        var before = text(TCP + "}", backend(a.port(), "LeastConnections"));
        start(before);
        var health = proxy.healthPort();

        write(before.replace("health: {port: 0", "health: {port: 1")
                .replace("metrics: {port: 0", "metrics: {port: 2")
                .replace("workers: 2", "workers: 3"));
        await("the report", () -> said.text().contains("taken over, but for 3 problems"));

        assertThat(said.text().lines().filter(line -> line.endsWith("needs a restart")))
                .anyMatch(line -> line.contains("health: changed from "))
                .anyMatch(line -> line.contains("metrics: changed from "))
                .anyMatch(line -> line.contains("workers: changed from 2 to 3"));
        assertThat(getAsync(health, "/ready")
                        .get(DEADLINE_SECONDS, TimeUnit.SECONDS)
                        .statusCode())
                .isEqualTo(200);

        write(before);
        await("the way back, without a problem", () -> said.text().strip().endsWith("proxy.yaml: taken over"));
    }

    @Test
    void theHashOfTheTextInUseIsToldWhenAMountedConfigMapIsSwapped() throws Exception {
        var before = text(TCP + "}", backend(a.port(), "LeastConnections"));
        var after = text(TCP + "}", backend(b.port(), "LeastConnections"));
        swap("..1", before);
        Files.createSymbolicLink(folder.resolve("proxy.yaml"), Path.of("..data", "proxy.yaml"));
        watch(before);
        awaitHash(before);

        swap("..2", after);

        awaitHash(after);
        assertThat(ask("tcp", "x")).isEqualTo("b x");
        assertThat(getAsync(proxy.adminPort(), "/state")
                        .get(DEADLINE_SECONDS, TimeUnit.SECONDS)
                        .body())
                .contains(ConfigHash.of(after));
    }

    @Test
    void aTextThatMeansTheSameIsTakenOverAsWell() throws Exception {
        var before = text(TCP + "}", backend(a.port(), "LeastConnections"));
        start(before);
        awaitHash(before);

        write(before + "# checked\n");

        awaitHash(before + "# checked\n");
    }

    @Test
    void aRefusedTextIsToldWhileTheHashStaysThatOfTheTextInUse() throws Exception {
        var before = text(TCP + "}", backend(a.port(), "LeastConnections"));
        start(before);
        awaitHash(before);

        write(before.replace("backend: web", "backend: nobody"));

        await("the refusal", () -> metrics().contains("tick_storm_configuration_refused 1.0\n"));
        assertThat(metrics())
                .contains(info(before))
                .containsPattern(
                        "tick_storm_configuration_problem\\{problem=\"[^\n]*listeners\\[0].backend: [^\n]* 1.0\n");
        write(before);
        await("the way back", () -> metrics().contains("tick_storm_configuration_refused 0.0\n"));
    }

    private void awaitHash(String text) {
        await("the hash of the text", () -> metrics().contains(info(text)));
    }

    private static String info(String text) {
        return "tick_storm_configuration_info{hash=\"" + ConfigHash.of(text) + "\"} 1\n";
    }

    private String metrics() {
        return getAsync(proxy.metricsPort(), "/metrics").join().body();
    }

    /** As the kubelet updates a ConfigMap volume: the file is a link through {@code ..data}, which a rename exchanges. */
    private void swap(String version, String text) throws IOException {
        var files = Files.createDirectory(folder.resolve(version));
        Files.writeString(files.resolve("proxy.yaml"), text);
        var fresh = Files.createSymbolicLink(folder.resolve("..data_tmp"), files.getFileName());
        Files.move(fresh, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    }

    private void start(String text) throws Exception {
        write(text);
        watch(text);
    }

    private void watch(String text) throws Exception {
        var config = ProxyTest.config(text);
        proxy = done(Proxy.start(vertx, config, folder));
        reload = Reload.watch(folder.resolve("proxy.yaml"), config, Ticker.system(), proxy);
    }

    private static String text(String listener, String backend) {
        return """
                listeners: [%s]
                backends: [%s]
                drain: {delay: 0s, timeout: 1s}
                health: {port: 0, address: 127.0.0.1}
                admin: {port: 0}
                metrics: {port: 0, address: 127.0.0.1}
                workers: 2
                """.formatted(listener, backend);
    }

    private static String backend(int port, String policy) {
        return "{name: web, discovery: {static: [\"127.0.0.1:" + port + "\"]}, balancing: {policy: " + policy + "}}";
    }

    private void write(String text) throws IOException {
        var fresh = Files.writeString(folder.resolve(".fresh"), text);
        Files.move(fresh, folder.resolve("proxy.yaml"), StandardCopyOption.ATOMIC_MOVE);
    }

    /** A byte goes through the connection and back; what the server says first comes before it. */
    private static void echoes(Socket socket, String first) throws IOException {
        socket.getOutputStream().write('x');
        assertThat(new String(socket.getInputStream().readNBytes(first.length() + 1), StandardCharsets.US_ASCII))
                .isEqualTo(first + "x");
    }

    private boolean isClosedAtOnce(String listener) throws IOException {
        try (var socket = connect(listener)) {
            return socket.getInputStream().read() == -1;
        } catch (SocketException reset) {
            return true;
        }
    }

    private static boolean isRefused(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return !socket.isConnected();
        } catch (ConnectException refused) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Sends a text, ends the direction, and returns the whole answer. */
    private String ask(String listener, String text) throws IOException {
        try (var socket = connect(listener)) {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private Socket connect(String listener) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), proxy.ports().get(listener));
        socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(DEADLINE_SECONDS));
        return socket;
    }

    private CompletableFuture<HttpResponse<String>> getAsync(int port, String path) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
        return http.sendAsync(request, BodyHandlers.ofString());
    }

    private static <T> T done(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }
}
