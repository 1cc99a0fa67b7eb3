package io.tickstorm.proxy;

import static io.tickstorm.proxy.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tickstorm.proxy.tls.Engine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the ends of a connection mean where the client speaks TLS and its server does not. */
@ParameterizedClass
@EnumSource(Engine.class)
class TlsOverTcpTest {
    /** Far more than it takes for a plain session to be spliced; the kernel would pass on what is not encrypted. */
    private static final int MUCH = 4 * 1024 * 1024;

    @Parameter
    Engine engine;

    @TempDir
    Path folder;

    private final Pki pki = new Pki("authority");
    private TlsStage stage;
    private ServerSocket server;
    private Proxy proxy;
    private Socket plain;

    @BeforeEach
    void setUp() throws Exception {
        Pki.write(folder, "a", pki.server("a.example"));
        server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        stage = new TlsStage(engine, folder);
        proxy = stage.start("""
                        listeners: [{name: tcp, protocol: TCP, address: 127.0.0.1, port: 0, backend: feed, tls: {certificates: [{certificateFile: a.crt, keyFile: a.key}]}}]
                        backends: [{name: feed, discovery: {static: ["127.0.0.1:%d"]}}]
                        """.formatted(server.getLocalPort()));
    }

    @AfterEach
    void tearDown() throws Exception {
        stage.close();
        server.close();
        if (plain != null) {
            plain.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void bytesPassBothWaysAndEndInOrder(String version) throws Exception {
        var sent = new byte[MUCH];
        new Random(1).nextBytes(sent);
        try (var client = connect(version);
                var at = server.accept()) {
            var received = reading(at);
            client.getOutputStream().write(sent);
            client.shutdownOutput();
            assertThat(get(received)).isEqualTo(sent);
        }
    }

    @Test
    void theEndOfTheServersDirectionIsSaidByCloseNotify() throws Exception {
        try (var client = connect("TLSv1.3");
                var at = server.accept()) {
            at.getOutputStream().write(new byte[MUCH]);
            at.shutdownOutput();

            assertThat(client.getInputStream().readAllBytes()).hasSize(MUCH);
            client.getOutputStream().write("more".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(at.getInputStream().readNBytes(4), StandardCharsets.US_ASCII))
                    .isEqualTo("more");
        }
    }

    @Test
    void whatComesAfterTheClientsEndArrivesWhereTheEngineCan() throws Exception {
        assumeThat(engine).as("BoringSSL under Netty closes both directions").isEqualTo(Engine.JDK);
        try (var client = connect("TLSv1.3");
                var at = server.accept()) {
            client.shutdownOutput();
            assertThat(at.getInputStream().read()).isEqualTo(-1);
            at.getOutputStream().write(new byte[MUCH]);
            hangUp(at);

            assertThat(client.getInputStream().readAllBytes()).hasSize(MUCH);
        }
    }

    @Test
    void whatCannotComeAfterTheClientsEndIsNoOrderlyEnd() throws Exception {
        assumeThat(engine).isEqualTo(Engine.BORINGSSL);
        try (var client = connect("TLSv1.3");
                var at = server.accept()) {
            client.shutdownOutput();
            assertThat(at.getInputStream().read()).isEqualTo(-1);
            at.getOutputStream().write(1);

            assertThatThrownBy(() -> client.getInputStream().readAllBytes()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void nothingAfterTheClientsEndIsAnOrderlyEnd() throws Exception {
        try (var client = connect("TLSv1.3");
                var at = server.accept()) {
            client.shutdownOutput();
            assertThat(at.getInputStream().read()).isEqualTo(-1);
            hangUp(at);

            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void anEndWithoutCloseNotifyIsAnAbortAtTheServer() throws Exception {
        try (var client = connect("TLSv1.3");
                var at = server.accept()) {
            client.getOutputStream().write(1);
            assertThat(at.getInputStream().read()).isEqualTo(1);

            plain.shutdownOutput();

            assertThat(EchoServer.wasReset(at)).isTrue();
        }
    }

    @Test
    void anAbortOfTheServerIsNoOrderlyEndAtTheClient() throws Exception {
        try (var client = connect("TLSv1.3");
                var at = server.accept()) {
            at.getOutputStream().write(1);
            assertThat(client.getInputStream().read()).isEqualTo(1);

            at.setSoLinger(true, 0);
            hangUp(at);

            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void whoFailsTheHandshakeCostsNoServerAnything() throws Exception {
        plain = TlsStage.plain(proxy.ports().get("tcp"));
        Origin.send(plain, "GET / HTTP/1.1\r\n\r\n");

        assertThat(new String(plain.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                .startsWith("HTTP/1.1 400 ");

        await("its place to be free", () -> proxy.left().equals("0 connections"));
        server.setSoTimeout(1);
        assertThatThrownBy(server::accept).isInstanceOf(java.net.SocketTimeoutException.class);
    }

    private SSLSocket connect(String version) throws IOException {
        plain = TlsStage.plain(proxy.ports().get("tcp"));
        var socket = (SSLSocket) pki.sockets().createSocket(plain, "a.example", 443, true);
        socket.setEnabledProtocols(new String[] {version});
        socket.startHandshake();
        server.setSoTimeout(TlsStage.DEADLINE_MILLIS);
        return socket;
    }

    private static void hangUp(Socket socket) throws IOException {
        socket.close();
    }

    private static CompletableFuture<byte[]> reading(Socket socket) {
        var all = new CompletableFuture<byte[]>();
        Thread.ofVirtual().start(() -> {
            try {
                all.complete(socket.getInputStream().readAllBytes());
            } catch (IOException e) {
                all.completeExceptionally(e);
            }
        });
        return all;
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(TlsStage.DEADLINE_MILLIS, TimeUnit.MILLISECONDS);
    }
}
