package io.tickstorm.proxy;

import static io.tickstorm.proxy.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.netty.pkitesting.CertificateBuilder;
import io.tickstorm.proxy.tls.Engine;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client meets on a listener with TLS, whichever engine speaks it. */
@ParameterizedClass
@EnumSource(Engine.class)
class TlsTest {
    @Parameter
    Engine engine;

    @TempDir
    Path folder;

    private TlsDoor door;

    @BeforeEach
    void setUp() throws IOException {
        door = new TlsDoor(engine, folder);
    }

    @AfterEach
    void tearDown() throws Exception {
        door.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void bothVersionsAreSpokenAndTheServerHearsOfIt(String version) throws Exception {
        door.start("");

        try (var client = door.connect(door.pki.sockets(), "a.example", version)) {
            var seen = TlsDoor.get(client);

            assertThat(client.getSession().getProtocol()).isEqualTo(version);
            assertThat(seen).containsIgnoringCase("x-forwarded-proto: https");
        }
        assertThat(door.metric("tls_handshakes_total", "resumed=\"false\"")).isEqualTo(1);
    }

    @Test
    void theNameChoosesTheCertificate() throws Exception {
        Pki.write(folder, "b", door.pki.server("b.example", "x.wild.example"));
        door.start(", {certificateFile: b.crt, keyFile: b.key}", "");

        assertThat(door.subject("a.example")).isEqualTo("CN=a.example");
        assertThat(door.subject("b.example")).isEqualTo("CN=b.example");
        assertThat(door.subject("B.EXAMPLE")).isEqualTo("CN=b.example");
        assertThat(door.subject("one.wild.example")).isEqualTo("CN=a.example");
        assertThat(door.subject("x.wild.example"))
                .as("a name of its own before a wildcard")
                .isEqualTo("CN=b.example");
        assertThat(door.subject("one.two.wild.example")).as("one label only").isEqualTo("CN=a.example");
        assertThat(door.subject("unknown.example")).isEqualTo("CN=a.example");
        assertThat(door.subject(null)).isEqualTo("CN=a.example");
    }

    @Test
    void aNameNobodyHasIsRefusedWhereNamesAreStrict() throws Exception {
        door.start("strictSni: true");

        assertThat(door.subject("a.example")).isEqualTo("CN=a.example");
        assertThatThrownBy(() -> door.subject("unknown.example")).hasCauseInstanceOf(IOException.class);
        assertThatThrownBy(() -> door.subject(null)).hasCauseInstanceOf(IOException.class);
    }

    @Test
    void aNameHasAnEcdsaAndAnRsaCertificate() throws Exception {
        var rsa = new Pki("another authority", CertificateBuilder::rsa2048);
        Pki.write(folder, "rsa", rsa.server(CertificateBuilder::rsa2048, "a.example"));
        door.start(", {certificateFile: rsa.crt, keyFile: rsa.key}", "");

        try (var client = door.connect(door.pki.sockets(), "a.example", "TLSv1.2")) {
            assertThat(client.getSession().getCipherSuite()).contains("ECDSA");
        }
        try (var client = door.open(rsa.sockets(), "a.example", "TLSv1.2")) {
            var parameters = client.getSSLParameters();
            parameters.setSignatureSchemes(new String[] {"rsa_pss_rsae_sha256", "rsa_pkcs1_sha256"});
            client.setSSLParameters(parameters);
            client.startHandshake();
            assertThat(client.getSession().getCipherSuite()).contains("RSA");
        }
    }

    @Test
    void olderVersionsAreRefusedAndCounted() throws Exception {
        door.start("minVersion: TLSv1.3");

        assertThatThrownBy(() -> door.connect(door.pki.sockets(), "a.example", "TLSv1.2"))
                .isInstanceOf(IOException.class);

        await("the count", () -> door.failures("version") == 1);
    }

    @Test
    void suitesWithoutAuthenticatedEncryptionAreRefused() throws Exception {
        door.start("");

        try (var client = door.open(door.pki.sockets(), "a.example", "TLSv1.2")) {
            client.setEnabledCipherSuites(new String[] {"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"});

            assertThatThrownBy(client::startHandshake).isInstanceOf(IOException.class);
        }
        await("the count", () -> door.failures("no_common_cipher") == 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aClientThatComesAgainLeavesOutTheCostlyPart(String version) throws Exception {
        assumeThat(engine).as("the JDK decides by itself").isEqualTo(Engine.BORINGSSL);
        door.start("");
        var sockets = door.pki.sockets();
        long first;
        try (var client = door.connect(sockets, "a.example", version)) {
            TlsDoor.get(client);
            first = client.getSession().getCreationTime();
        }

        try (var client = door.connect(sockets, "a.example", version)) {
            TlsDoor.get(client);

            assertThat(client.getSession().getCreationTime()).isEqualTo(first);
        }
        assertThat(door.metric("tls_handshakes_total", "resumed=\"true\"")).isEqualTo(1);
    }

    @Test
    void aClientThatSaysNothingOrTricklesIsClosedInTime() throws Exception {
        door.start("handshakeTimeout: 300ms");

        try (var silent = door.plain();
                var trickling = door.plain()) {
            trickling.getOutputStream().write(new byte[] {22, 3, 1});

            assertThat(silent.getInputStream().read()).isEqualTo(-1);
            assertThat(trickling.getInputStream().readAllBytes()).hasSizeLessThan(16);
        }
        await("the counts", () -> door.failures("timeout") == 2);
    }

    @Test
    void plainHttpIsToldThatThisPortSpeaksTls() throws Exception {
        door.start("");

        try (var client = door.plain()) {
            Origin.send(client, "GET / HTTP/1.1\r\nhost: a.example\r\n\r\n");

            assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 400 ")
                    .contains("This port speaks TLS");
        }
        assertThat(door.failures("not_tls")).isEqualTo(1);
    }

    @Test
    void anotherFileTakesOverWithoutDroppingAnyone() throws Exception {
        door.start("");
        try (var old = door.connect(door.pki.sockets(), "a.example", "TLSv1.3")) {
            TlsDoor.get(old);

            Pki.write(folder, "a", door.pki.server("new.example"));
            await("the other certificate", () -> door.subject("a.example").equals("CN=new.example"));

            assertThat(TlsDoor.get(old)).contains("https");
        }
        assertThat(door.proxy().problems()).isEmpty();
    }

    @Test
    void aFileThatIsWrongChangesNothingAndIsTold() throws Exception {
        door.start("");

        Files.writeString(folder.resolve("a.key"), door.pki.server("a.example").getPrivateKeyPEM());
        await("the report", () -> !door.proxy().problems().isEmpty());

        assertThat(door.proxy().problems())
                .singleElement()
                .asString()
                .contains("listener https: tls.certificates[0].keyFile: ")
                .contains("a.key: not the key of the certificate in ");
        assertThat(door.subject("a.example")).isEqualTo("CN=a.example");
    }

    @Test
    void tlsAndItsSettingsComeAndGoWhileItServes() throws Exception {
        door.start("");
        try (var old = door.connect(door.pki.sockets(), "a.example", "TLSv1.2")) {
            TlsDoor.get(old);
            door.change(door.config("", "minVersion: TLSv1.3"));

            assertThat(TlsDoor.get(old)).contains("https");
            assertThatThrownBy(() -> door.connect(door.pki.sockets(), "a.example", "TLSv1.2"))
                    .isInstanceOf(IOException.class);

            assertThat(door.change(door.config(", {certificateFile: none.crt, keyFile: a.key}", "")))
                    .singleElement()
                    .asString()
                    .contains("listener https: tls.certificates[1].certificateFile: ")
                    .endsWith("none.crt: not there");
            assertThatThrownBy(() -> door.connect(door.pki.sockets(), "a.example", "TLSv1.2"))
                    .isInstanceOf(IOException.class);

            door.change(door.config("", "").replaceFirst("tls: \\{.*}, backend", "backend"));
            try (var plain = door.plain()) {
                Origin.send(plain, "GET / HTTP/1.1\r\nhost: a.example\r\n\r\n");
                assertThat(Origin.head(new BufferedInputStream(plain.getInputStream())))
                        .first()
                        .isEqualTo("HTTP/1.1 200 OK");
            }
            assertThat(TlsDoor.get(old)).contains("https");
        }
    }
}
