package io.tickstorm.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.tickstorm.proxy.tls.Engine;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** HTTP/2 by ALPN on both sides of a proxy, whichever engine speaks TLS; the client is that of the JDK, the server another proxy. */
@ParameterizedClass
@EnumSource(Engine.class)
class TlsHttp2Test {
    private static final int MUCH = 1024 * 1024;

    @Parameter
    Engine engine;

    @TempDir
    Path folder;

    private final Pki pki = new Pki("authority");
    private TlsStage stage;
    private final HttpClient client =
            HttpClient.newBuilder().sslContext(pki.context(null)).build();
    private HttpServer server;
    private Proxy proxy;

    /** The server answers with the body that it gets, and with the Via and the protocol that it is told. */
    @BeforeEach
    void setUp() throws Exception {
        stage = new TlsStage(engine, folder);
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", exchange -> {
            var body = exchange.getRequestBody().readAllBytes();
            var seen = exchange.getRequestHeaders();
            exchange.getResponseHeaders().put("seen-via", seen.get("via"));
            exchange.getResponseHeaders().put("seen-proto", seen.get("x-forwarded-proto"));
            exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        Pki.write(folder, "a", pki.server("localhost"));
        Pki.write(folder.resolve("ca.crt"), pki.root().getCertificatePEM());
    }

    @AfterEach
    void tearDown() throws Exception {
        client.close();
        stage.close();
        server.stop(0);
    }

    @Test
    void http2IsChosenOnBothSides() throws Exception {
        start("", "HTTP2");
        var body = new byte[MUCH];
        new java.util.Random(1).nextBytes(body);

        for (int i = 0; i < 3; i++) {
            var answer = post(body);

            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(answer.body()).isEqualTo(body);
            assertThat(answer.headers().allValues("seen-via")).containsExactly("2.0 tickstorm", "2.0 tickstorm");
            assertThat(answer.headers().allValues("seen-proto")).containsOnly("https");
        }
        assertThat(proxy.left()).isEqualTo("1 connections");
    }

    @Test
    void http1IsChosenWhereHttp2IsOff() throws Exception {
        start(", http2: {enabled: false}", "HTTP2");

        var answer = post(new byte[MUCH]);

        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).hasSize(MUCH);
        assertThat(answer.headers().allValues("seen-via"))
                .as("the server chose HTTP/1.1 for a backend that asked for HTTP/2")
                .containsExactly("1.1 tickstorm", "1.1 tickstorm");
    }

    @Test
    void aBackendOfHttp1OffersNothingElse() throws Exception {
        start("", "HTTP1");

        assertThat(post(new byte[1]).headers().allValues("seen-via")).containsExactly("2.0 tickstorm", "1.1 tickstorm");
    }

    /** @param listeners of both proxies; the client's one has the backend, which is the other one */
    private void start(String listeners, String protocol) throws Exception {
        var behind = stage.start(config(listeners, server.getAddress().getPort(), ""));
        proxy = stage.start(config(
                listeners,
                behind.ports().get("https"),
                ", protocol: " + protocol + ", tls: {caFile: ca.crt, serverName: localhost}"));
    }

    private static String config(String listener, int port, String backend) {
        return """
                listeners: [{name: https, address: 127.0.0.1, port: 0, backend: web, tls: {certificates: [{certificateFile: a.crt, keyFile: a.key}]}%s}]
                backends: [{name: web, discovery: {static: ["127.0.0.1:%d"]}%s}]
                """.formatted(listener, port, backend);
    }

    private HttpResponse<byte[]> post(byte[] body) throws IOException, InterruptedException {
        var uri = URI.create("https://localhost:" + proxy.ports().get("https") + "/");
        return client.send(
                HttpRequest.newBuilder(uri)
                        .POST(BodyPublishers.ofByteArray(body))
                        .build(),
                BodyHandlers.ofByteArray());
    }
}
