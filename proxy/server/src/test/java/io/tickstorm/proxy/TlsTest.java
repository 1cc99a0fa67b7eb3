package io.tickstorm.proxy;

import static io.tickstorm.proxy.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.net.httpserver.HttpServer;
import io.netty.pkitesting.CertificateBuilder;
import io.tickstorm.proxy.tls.Engine;
import io.tickstorm.proxy.transport.EpollLoops;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client meets on a listener with TLS, whichever engine speaks it; the clients are those of the JDK. */
@ParameterizedClass
@EnumSource(Engine.class)
class TlsTest {
    private static final int DEADLINE_MILLIS = 20_000;

    @Parameter
    Engine engine;

    @TempDir
    Path folder;

    private final Pki pki = new Pki("authority");
    private final Vertx vertx = Vertx.builder()
            .with(new VertxOptions().setEventLoopPoolSize(2))
            .withTransport(EpollLoops.transport())
            .build();
    private HttpServer server;
    private Proxy proxy;

    @BeforeEach
    void setUp() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", exchange -> {
            var seen = exchange.getRequestHeaders().entrySet().stream()
                    .flatMap(field -> field.getValue().stream().map(value -> field.getKey() + ": " + value))
                    .collect(Collectors.joining("\n"))
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, seen.length);
            exchange.getResponseBody().write(seen);
            exchange.close();
        });
        server.start();
        Pki.write(folder, "a", pki.server("a.example", "*.wild.example"));
    }

    @AfterEach
    void tearDown() throws Exception {
        if (proxy != null) {
            done(proxy.close());
        }
        done(vertx.close());
        server.stop(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void bothVersionsAreSpokenAndTheServerHearsOfIt(String version) throws Exception {
        start("");

        try (var client = connect(pki.sockets(), "a.example", version)) {
            var seen = get(client);

            assertThat(client.getSession().getProtocol()).isEqualTo(version);
            assertThat(seen).containsIgnoringCase("x-forwarded-proto: https");
        }
        assertThat(metric("tls_handshakes_total", "resumed=\"false\"")).isEqualTo(1);
    }

    @Test
    void theNameChoosesTheCertificate() throws Exception {
        Pki.write(folder, "b", pki.server("b.example", "x.wild.example"));
        start(", {certificateFile: b.crt, keyFile: b.key}", "");

        assertThat(subject("a.example")).isEqualTo("CN=a.example");
        assertThat(subject("b.example")).isEqualTo("CN=b.example");
        assertThat(subject("B.EXAMPLE")).isEqualTo("CN=b.example");
        assertThat(subject("one.wild.example")).isEqualTo("CN=a.example");
        assertThat(subject("x.wild.example"))
                .as("a name of its own before a wildcard")
                .isEqualTo("CN=b.example");
        assertThat(subject("one.two.wild.example")).as("one label only").isEqualTo("CN=a.example");
        assertThat(subject("unknown.example")).isEqualTo("CN=a.example");
        assertThat(subject(null)).isEqualTo("CN=a.example");
    }

    @Test
    void aNameNobodyHasIsRefusedWhereNamesAreStrict() throws Exception {
        start("strictSni: true");

        assertThat(subject("a.example")).isEqualTo("CN=a.example");
        assertThatThrownBy(() -> subject("unknown.example")).hasCauseInstanceOf(IOException.class);
        assertThatThrownBy(() -> subject(null)).hasCauseInstanceOf(IOException.class);
    }

    @Test
    void aNameHasAnEcdsaAndAnRsaCertificate() throws Exception {
        var rsa = new Pki("another authority", CertificateBuilder::rsa2048);
        Pki.write(folder, "rsa", rsa.server(CertificateBuilder::rsa2048, "a.example"));
        start(", {certificateFile: rsa.crt, keyFile: rsa.key}", "");

        try (var client = connect(pki.sockets(), "a.example", "TLSv1.2")) {
            assertThat(client.getSession().getCipherSuite()).contains("ECDSA");
        }
        try (var client = open(rsa.sockets(), "a.example", "TLSv1.2")) {
            var parameters = client.getSSLParameters();
            parameters.setSignatureSchemes(new String[] {"rsa_pss_rsae_sha256", "rsa_pkcs1_sha256"});
            client.setSSLParameters(parameters);
            client.startHandshake();
            assertThat(client.getSession().getCipherSuite()).contains("RSA");
        }
    }

    @Test
    void olderVersionsAreRefusedAndCounted() throws Exception {
        start("minVersion: TLSv1.3");

        assertThatThrownBy(() -> connect(pki.sockets(), "a.example", "TLSv1.2")).isInstanceOf(IOException.class);

        await("the count", () -> failures("version") == 1);
    }

    @Test
    void suitesWithoutAuthenticatedEncryptionAreRefused() throws Exception {
        start("");

        try (var client = open(pki.sockets(), "a.example", "TLSv1.2")) {
            client.setEnabledCipherSuites(new String[] {"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"});

            assertThatThrownBy(client::startHandshake).isInstanceOf(IOException.class);
        }
        await("the count", () -> failures("no_common_cipher") == 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aRequiredCertificateIsToldToTheServer(String version) throws Exception {
        var client = pki.client(
                builder -> builder.addSanDnsName("c.example").addSanUriName(URI.create("spiffe://d/c")),
                "Clara \\\"C\\\"");
        authenticate("REQUIRED");

        try (var socket = connect(pki.sockets(client), "a.example", version)) {
            var seen = get(socket);

            assertThat(seen)
                    .containsIgnoringCase("x-forwarded-client-cert: Hash="
                            + hash(client.getCertificate().getEncoded()))
                    .contains(";Subject=\"")
                    .contains(";URI=spiffe://d/c;DNS=c.example")
                    .doesNotContain("forged");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void withoutATrustedCertificateThereIsNoConnectionWhereOneIsRequired(String version) throws Exception {
        var foreign = new Pki("foreign").client(builder -> builder, "mallory");
        var expired = pki.client(pki.expired(), "old");
        authenticate("REQUIRED");

        assertThatThrownBy(() -> get(connect(pki.sockets(), "a.example", version)))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> get(connect(pki.sockets(foreign), "a.example", version)))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> get(connect(pki.sockets(expired), "a.example", version)))
                .isInstanceOf(IOException.class);

        await("the counts", () -> failures("no_certificate") + failures("bad_certificate") == 3);
        assertThat(failures("bad_certificate")).isGreaterThanOrEqualTo(1);
    }

    @Test
    void anOptionalCertificateMayBeMissingButNotForeign() throws Exception {
        var foreign = new Pki("authority").client(builder -> builder, "mallory");
        authenticate("OPTIONAL");

        try (var socket = connect(pki.sockets(), "a.example", "TLSv1.3")) {
            assertThat(get(socket)).doesNotContainIgnoringCase("x-forwarded-client-cert");
        }
        assertThatThrownBy(() -> get(connect(pki.sockets(foreign), "a.example", "TLSv1.2")))
                .isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aClientThatComesAgainLeavesOutTheCostlyPart(String version) throws Exception {
        assumeThat(engine).as("the JDK decides by itself").isEqualTo(Engine.BORINGSSL);
        start("");
        var sockets = pki.sockets();
        long first;
        try (var client = connect(sockets, "a.example", version)) {
            get(client);
            first = client.getSession().getCreationTime();
        }

        try (var client = connect(sockets, "a.example", version)) {
            get(client);

            assertThat(client.getSession().getCreationTime()).isEqualTo(first);
        }
        assertThat(metric("tls_handshakes_total", "resumed=\"true\"")).isEqualTo(1);
    }

    @Test
    void aClientThatSaysNothingOrTricklesIsClosedInTime() throws Exception {
        start("handshakeTimeout: 300ms");

        try (var silent = plain();
                var trickling = plain()) {
            trickling.getOutputStream().write(new byte[] {22, 3, 1});

            assertThat(silent.getInputStream().read()).isEqualTo(-1);
            assertThat(trickling.getInputStream().readAllBytes()).hasSizeLessThan(16);
        }
        await("the counts", () -> failures("timeout") == 2);
    }

    @Test
    void plainHttpIsToldThatThisPortSpeaksTls() throws Exception {
        start("");

        try (var client = plain()) {
            Origin.send(client, "GET / HTTP/1.1\r\nhost: a.example\r\n\r\n");

            assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 400 ")
                    .contains("This port speaks TLS");
        }
        assertThat(failures("not_tls")).isEqualTo(1);
    }

    @Test
    void anotherFileTakesOverWithoutDroppingAnyone() throws Exception {
        start("");
        try (var old = connect(pki.sockets(), "a.example", "TLSv1.3")) {
            get(old);

            Pki.write(folder, "a", pki.server("new.example"));
            await("the other certificate", () -> subject("a.example").equals("CN=new.example"));

            assertThat(get(old)).contains("https");
        }
        assertThat(proxy.problems()).isEmpty();
    }

    @Test
    void aFileThatIsWrongChangesNothingAndIsTold() throws Exception {
        start("");

        Files.writeString(folder.resolve("a.key"), pki.server("a.example").getPrivateKeyPEM());
        await("the report", () -> !proxy.problems().isEmpty());

        assertThat(proxy.problems())
                .singleElement()
                .asString()
                .contains("listener https: tls.certificates[0].keyFile: ")
                .contains("a.key: not the key of the certificate in ");
        assertThat(subject("a.example")).isEqualTo("CN=a.example");
    }

    @Test
    void tlsAndItsSettingsComeAndGoWhileItServes() throws Exception {
        start("");
        try (var old = connect(pki.sockets(), "a.example", "TLSv1.2")) {
            get(old);
            change(config("", "minVersion: TLSv1.3"));

            assertThat(get(old)).contains("https");
            assertThatThrownBy(() -> connect(pki.sockets(), "a.example", "TLSv1.2"))
                    .isInstanceOf(IOException.class);

            assertThat(change(config(", {certificateFile: none.crt, keyFile: a.key}", "")))
                    .singleElement()
                    .asString()
                    .contains("listener https: tls.certificates[1].certificateFile: ")
                    .endsWith("none.crt: not there");
            assertThatThrownBy(() -> connect(pki.sockets(), "a.example", "TLSv1.2"))
                    .isInstanceOf(IOException.class);

            change(config("", "").replaceFirst("tls: \\{.*}, backend", "backend"));
            try (var plain = plain()) {
                Origin.send(plain, "GET / HTTP/1.1\r\nhost: a.example\r\n\r\n");
                assertThat(Origin.head(new BufferedInputStream(plain.getInputStream())))
                        .first()
                        .isEqualTo("HTTP/1.1 200 OK");
            }
            assertThat(get(old)).contains("https");
        }
    }

    private void authenticate(String how) throws Exception {
        Pki.write(folder.resolve("ca.crt"), pki.root().getCertificatePEM());
        start("clientAuthentication: " + how + ", clientCaFile: ca.crt");
    }

    private void start(String settings) throws Exception {
        start("", settings);
    }

    private void start(String more, String settings) throws Exception {
        proxy = done(Proxy.start(vertx, ProxyTest.config(config(more, settings)), folder, Environment.NONE, engine));
    }

    private List<String> change(String text) throws Exception {
        return proxy.change(ProxyTest.config(text)).toCompletableFuture().get(DEADLINE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private String config(String more, String settings) {
        return """
                listeners: [{name: https, address: 127.0.0.1, port: 0, tls: {certificates: [{certificateFile: a.crt, keyFile: a.key}%s]%s}, backend: web}]
                backends: [{name: web, discovery: {static: ["127.0.0.1:%d"]}}]
                health: {address: 127.0.0.1, port: 0}
                admin: {port: 0}
                metrics: {address: 127.0.0.1, port: 0}
                drain: {delay: 0s, timeout: 1s}
                """.formatted(
                        more,
                        settings.isEmpty() ? "" : ", " + settings,
                        server.getAddress().getPort());
    }

    private String subject(String name) {
        try (var client = connect(pki.sockets(), name, "TLSv1.2")) {
            return client.getSession().getPeerPrincipal().getName();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Socket plain() throws IOException {
        var socket =
                new Socket(InetAddress.getByName("127.0.0.1"), proxy.ports().get("https"));
        socket.setSoTimeout(DEADLINE_MILLIS);
        return socket;
    }

    /** @param name null to ask for none */
    private SSLSocket open(SSLSocketFactory sockets, String name, String version) throws IOException {
        var socket = (SSLSocket) sockets.createSocket(plain(), name == null ? "127.0.0.1" : name, 443, true);
        socket.setEnabledProtocols(new String[] {version});
        var parameters = socket.getSSLParameters();
        parameters.setServerNames(name == null ? List.of() : List.of(new SNIHostName(name)));
        socket.setSSLParameters(parameters);
        return socket;
    }

    private SSLSocket connect(SSLSocketFactory sockets, String name, String version) throws IOException {
        var socket = open(sockets, name, version);
        socket.startHandshake();
        return socket;
    }

    /** What the server behind the proxy saw. */
    private static String get(SSLSocket client) throws IOException {
        Origin.send(client, "GET / HTTP/1.1\r\nhost: a.example\r\nx-forwarded-client-cert: Hash=forged\r\n\r\n");
        var in = new BufferedInputStream(client.getInputStream());
        var head = Origin.head(in);
        if (head.isEmpty()) {
            throw new IOException("no answer");
        }
        return new String(in.readNBytes(Origin.length(head)), StandardCharsets.UTF_8);
    }

    private double failures(String reason) {
        return metric("tls_handshake_failures_total", "reason=\"" + reason + "\"");
    }

    private double metric(String name, String label) {
        try (var http = HttpClient.newHttpClient()) {
            var uri = URI.create("http://127.0.0.1:" + proxy.metricsPort() + "/metrics");
            var text = http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                    .body();
            return text.lines()
                    .filter(line -> line.startsWith("tick_storm_" + name + "{") && line.contains(label))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                    .sum();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String hash(byte[] der) throws Exception {
        return java.util.HexFormat.of()
                .formatHex(java.security.MessageDigest.getInstance("SHA-256").digest(der));
    }

    private static <T> T done(io.vertx.core.Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(DEADLINE_MILLIS, TimeUnit.MILLISECONDS);
    }
}
