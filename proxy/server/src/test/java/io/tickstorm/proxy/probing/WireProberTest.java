package io.tickstorm.proxy.probing;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointId;
import io.tickstorm.proxy.endpoint.ProxyProtocol;
import io.tickstorm.proxy.health.HealthCheckSettings;
import io.tickstorm.proxy.health.Probe;
import io.tickstorm.proxy.health.Probe.StatusRange;
import io.tickstorm.proxy.health.ProbeResult;
import io.tickstorm.proxy.settings.ByteText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class WireProberTest {
    private static final ProbeResult PASSED = new ProbeResult.Passed();

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final WireProber prober = new WireProber(loops);
    private final List<ServerSocket> servers = new ArrayList<>();
    private final CompletableFuture<List<String>> request = new CompletableFuture<>();

    @AfterEach
    void tearDown() throws Exception {
        for (var server : servers) {
            server.close();
        }
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    @ParameterizedTest
    @CsvSource({"200,true", "204,true", "399,true", "404,false", "503,false", "199,false"})
    void theStatusDecides(int status, boolean passes) throws Exception {
        var port = answering("HTTP/1.1 " + status + " Some reason\r\nContent-Length: 0\r\n\r\n");

        var result = probe(port, http(0));

        assertThat(result).isEqualTo(passes ? PASSED : new ProbeResult.Failed("status " + status));
    }

    @Test
    void theRequestIsOneThatAnyServerAnswers() throws Exception {
        var port = answering("HTTP/1.0 200 OK\r\n\r\n");

        assertThat(probe(port, http(0))).isEqualTo(PASSED);

        assertThat(request.join())
                .containsExactly(
                        "GET /ready?deep=1 HTTP/1.1",
                        "Host: 127.0.0.1:" + port,
                        "User-Agent: tickstorm-health",
                        "Accept: */*",
                        "Connection: close");
    }

    @Test
    void anotherPortMayBeAsked() throws Exception {
        var port = answering("HTTP/1.1 200 OK\r\n\r\n");

        assertThat(probe(closedPort(), http(port))).isEqualTo(PASSED);
    }

    @Test
    void aServerThatSaysNothingFailsInTime() throws Exception {
        var port = server(socket -> socket.getInputStream().readAllBytes());

        assertThat(probe(port, http(0, Duration.ofMillis(80))))
                .isEqualTo(new ProbeResult.Failed("no answer within 80ms"));
    }

    @Test
    void aServerThatClosesFails() throws Exception {
        assertThat(probe(answering(""), http(0))).isEqualTo(new ProbeResult.Failed("closed without an answer"));
    }

    @Test
    void whatIsNotHttpFails() throws Exception {
        assertThat(probe(answering("SSH-2.0-OpenSSH_9.2\r\n"), http(0)))
                .isEqualTo(new ProbeResult.Failed("not an HTTP/1 answer"));
    }

    @Test
    void aRefusedConnectionFails() throws Exception {
        assertThat(probe(closedPort(), http(0))).isEqualTo(new ProbeResult.Failed("connection refused"));
    }

    @Test
    void forTcpAConnectionIsEnough() throws Exception {
        assertThat(probe(answering(""), tcp())).isEqualTo(PASSED);
        assertThat(probe(closedPort(), tcp())).isEqualTo(new ProbeResult.Failed("connection refused"));
    }

    @Test
    void theAnswerToAWordIsLookedAt() throws Exception {
        var lines = new CompletableFuture<String>();
        var port = server(socket -> {
            var reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            lines.complete(reader.readLine());
            socket.getOutputStream().write("HTTP/1.0 200 OK\r\n\r\npo".getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            socket.getOutputStream().write("ng".getBytes(StandardCharsets.US_ASCII));
            reader.read();
        });

        assertThat(probe(port, saying("GET /ping\r\n", "pong", Duration.ofSeconds(10))))
                .isEqualTo(PASSED);
        assertThat(lines).isCompletedWithValue("GET /ping");
    }

    @Test
    void aGreetingMayBeExpectedWithoutAWord() throws Exception {
        var port = server(socket -> socket.getOutputStream().write("220 mail\r\n".getBytes(StandardCharsets.US_ASCII)));

        assertThat(probe(port, saying("", "220", Duration.ofSeconds(10)))).isEqualTo(PASSED);
    }

    @Test
    void anotherAnswerFailsWithWhatCame() throws Exception {
        var closing = server(socket -> socket.getOutputStream().write("busy\r\n".getBytes(StandardCharsets.US_ASCII)));
        var waiting = server(socket -> {
            socket.getOutputStream().write("busy\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().readAllBytes();
        });
        var talking = server(
                socket -> socket.getOutputStream().write("-".repeat(5_000).getBytes(StandardCharsets.US_ASCII)));

        assertThat(probe(closing, saying("", "pong", Duration.ofSeconds(10))))
                .isEqualTo(new ProbeResult.Failed("no \"pong\" in 6 bytes: \"busy\\r\\n\""));
        assertThat(probe(waiting, saying("", "pong", Duration.ofMillis(300))))
                .isEqualTo(new ProbeResult.Failed("no \"pong\" in 6 bytes: \"busy\\r\\n\" within 300ms"));
        assertThat(probe(talking, saying("", "pong", Duration.ofSeconds(10))))
                .isEqualTo(new ProbeResult.Failed("no \"pong\" in 4096 bytes: \"" + "-".repeat(80) + "\""));
        assertThat(probe(answering(""), saying("PING\r\n\r\n", "pong", Duration.ofSeconds(10))))
                .isEqualTo(new ProbeResult.Failed("closed without an answer"));
    }

    private ProbeResult probe(int port, HealthCheckSettings settings) throws Exception {
        var result = new CompletableFuture<ProbeResult>();
        prober.probe(Endpoint.active(new EndpointId("", "127.0.0.1", port), "a"), settings, result::complete);
        return result.get(20, TimeUnit.SECONDS);
    }

    private static HealthCheckSettings http(int port) {
        return http(port, Duration.ofSeconds(10));
    }

    private static HealthCheckSettings http(int port, Duration timeout) {
        return settings(new Probe.Http("/ready?deep=1", new StatusRange(200, 399)), port, timeout);
    }

    private static HealthCheckSettings tcp() {
        return settings(Probe.Tcp.CONNECTION, 0, Duration.ofSeconds(10));
    }

    private static HealthCheckSettings saying(String send, String expect, Duration timeout) {
        return settings(new Probe.Tcp(new ByteText(send), new ByteText(expect)), 0, timeout);
    }

    private static HealthCheckSettings settings(Probe probe, int port, Duration timeout) {
        return new HealthCheckSettings(probe, port, timeout, timeout, timeout, 1, 1);
    }

    @ParameterizedTest
    @EnumSource(names = {"V1", "V2"})
    void whoExpectsAHeaderGetsOneWithoutAnAddress(ProxyProtocol version) throws Exception {
        var begin = new CompletableFuture<String>();
        var port = server(socket -> {
            var all = new String(socket.getInputStream().readNBytes(17), StandardCharsets.ISO_8859_1);
            begin.complete(all);
            socket.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        });

        assertThat(probe(port, http(0).through(version))).isEqualTo(PASSED);

        assertThat(begin.get(20, TimeUnit.SECONDS))
                .startsWith(version == ProxyProtocol.V1 ? "PROXY UNKNOWN\r\n" : "\r\n\r\n\0\r\nQUIT\n \0\0\0G");
    }

    private int answering(String answer) throws IOException {
        return server(socket -> {
            var reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            var lines = new ArrayList<String>();
            for (var line = reader.readLine(); line != null && !line.isEmpty(); line = reader.readLine()) {
                lines.add(line);
            }
            request.complete(lines);
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        });
    }

    private int server(Talk talk) throws IOException {
        var server = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"));
        servers.add(server);
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try (var socket = server.accept()) {
                    talk.with(socket);
                } catch (IOException end) {
                    // The prober has what it wants, or the test is over.
                }
            }
        });
        return server.getLocalPort();
    }

    private static int closedPort() throws IOException {
        try (var server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return server.getLocalPort();
        }
    }

    private interface Talk {
        void with(Socket socket) throws IOException;
    }
}
