package io.tickstorm.proxy;

import static io.tickstorm.proxy.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.netty.pkitesting.X509Bundle;
import io.tickstorm.proxy.tls.Engine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What a backend with TLS asks of its servers, whichever engine speaks it; the servers are those of the JDK. */
@ParameterizedClass
@EnumSource(Engine.class)
class UpstreamTlsTest {
    @Parameter
    Engine engine;

    @TempDir
    Path folder;

    private final Pki pki = new Pki("authority");
    private TlsStage stage;
    private HttpsServer server;
    private Proxy proxy;

    @BeforeEach
    void setUp() {
        stage = new TlsStage(engine, folder);
    }

    @AfterEach
    void tearDown() throws Exception {
        stage.close();
        if (server != null) {
            server.stop(0);
        }
    }

    @Test
    void aServerOfTheNameIsAsked() throws Exception {
        serve(pki.server("web.example"), false);
        start("serverName: web.example");

        assertThat(get()).startsWith("HTTP/1.1 200 ").endsWith("nobody");
    }

    @Test
    void aServerOfAnotherNameIsRefusedAndTheReasonTold() throws Exception {
        serve(pki.server("other.example"), false);
        start("serverName: web.example");

        assertThat(get()).startsWith("HTTP/1.1 502 ");

        await("the reason", () -> asked("/why?backend=web").contains("TLS_FAILED"));
    }

    @Test
    void aServerOfAForeignAuthorityIsRefused() throws Exception {
        serve(new Pki("foreign").server("web.example"), false);
        start("serverName: web.example");

        assertThat(get()).startsWith("HTTP/1.1 502 ");
    }

    @Test
    void anyNameWillDoWhereNamesAreNotVerified() throws Exception {
        serve(pki.server("other.example"), false);
        start("verifyHostname: false");

        assertThat(get()).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void aServerThatAsksIsShownOurCertificate() throws Exception {
        Pki.write(folder, "own", pki.client(builder -> builder, "proxy"));
        serve(pki.server("web.example"), true);
        start("serverName: web.example, certificateFile: own.crt, keyFile: own.key");

        assertThat(get()).startsWith("HTTP/1.1 200 ").endsWith("CN=proxy");
    }

    @Test
    void aServerThatSaysNothingIsGivenUpWithinTheConnectTimeout() throws Exception {
        try (var silent = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            start("serverName: web.example", silent.getLocalPort());

            assertThat(get()).startsWith("HTTP/1.1 50");

            await("the reason", () -> asked("/why?backend=web").contains("CONNECT_TIMEOUT"));
        }
    }

    @Test
    void anotherAuthorityTakesOver() throws Exception {
        var next = new Pki("next");
        serve(next.server("web.example"), false);
        start("serverName: web.example");
        assertThat(get()).startsWith("HTTP/1.1 502 ");

        Pki.write(folder.resolve("ca.crt"), next.root().getCertificatePEM());

        await("a connection", () -> get().startsWith("HTTP/1.1 200 "));
    }

    @Test
    void noRequestRidesOnAConnectionThatWasSecuredByOtherSettings() throws Exception {
        serve(pki.server("other.example"), false);
        start("verifyHostname: false");
        for (int i = 0; i < TlsStage.LOOPS; i++) {
            assertThat(get()).startsWith("HTTP/1.1 200 ");
        }

        change("serverName: web.example", "");

        for (int i = 0; i < TlsStage.LOOPS; i++) {
            assertThat(get()).startsWith("HTTP/1.1 50");
        }
    }

    @Test
    void checksSpeakTlsToo() throws Exception {
        serve(pki.server("other.example"), false);
        start(
                "serverName: web.example",
                server.getAddress().getPort(),
                ", healthCheck: {type: HTTP, path: /, interval: 1s, timeout: 1s}");

        await("the verdict", () -> asked("/state").contains("no TLS: "));
        change("serverName: other.example", ", healthCheck: {type: HTTP, path: /, interval: 1s, timeout: 1s}");
        await("the other verdict", () -> get().startsWith("HTTP/1.1 200 "));
    }

    private void serve(X509Bundle identity, boolean asks) throws IOException {
        server = HttpsServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(pki.context(identity)) {
            @Override
            public void configure(HttpsParameters parameters) {
                var wanted = getSSLContext().getDefaultSSLParameters();
                wanted.setNeedClientAuth(asks);
                parameters.setSSLParameters(wanted);
            }
        });
        server.createContext("/", exchange -> {
            var session = ((com.sun.net.httpserver.HttpsExchange) exchange).getSSLSession();
            String who;
            try {
                who = session.getPeerPrincipal().getName();
            } catch (SSLPeerUnverifiedException e) {
                who = "nobody";
            }
            var body = who.getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    private void start(String tls) throws Exception {
        start(tls, server.getAddress().getPort());
    }

    private void start(String tls, int port) throws Exception {
        start(tls, port, "");
    }

    private void start(String tls, int port, String more) throws Exception {
        Pki.write(folder.resolve("ca.crt"), pki.root().getCertificatePEM());
        proxy = stage.start(config(tls, port, more));
    }

    private void change(String tls, String more) throws Exception {
        assertThat(TlsStage.change(proxy, config(tls, server.getAddress().getPort(), more)))
                .isEmpty();
    }

    private static String config(String tls, int port, String more) {
        return """
                listeners: [{name: http, address: 127.0.0.1, port: 0, backend: web}]
                backends: [{name: web, discovery: {static: ["127.0.0.1:%d"]}, tls: {caFile: ca.crt, %s}, limits: {queue: {size: 0}}, retries: {attempts: 0}%s}]
                """.formatted(port, tls, more);
    }

    /** The whole answer. */
    private String get() {
        try (var socket = TlsStage.plain(proxy.ports().get("http"))) {
            Origin.send(socket, "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private String asked(String path) {
        try (var http = HttpClient.newHttpClient()) {
            var uri = URI.create("http://127.0.0.1:" + proxy.adminPort() + path);
            return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
