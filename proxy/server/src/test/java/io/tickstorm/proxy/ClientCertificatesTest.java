package io.tickstorm.proxy;

import static io.tickstorm.proxy.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tickstorm.proxy.tls.Engine;
import java.io.IOException;
import java.net.URI;
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

/** Who clients are by their certificates, on a listener that asks for them. */
@ParameterizedClass
@EnumSource(Engine.class)
class ClientCertificatesTest {
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
    void aRequiredCertificateIsToldToTheServer(String version) throws Exception {
        var client = door.pki.client(
                builder -> builder.addSanDnsName("c.example").addSanUriName(URI.create("spiffe://d/c")),
                "Clara \\\"C\\\"");
        authenticate("REQUIRED");

        try (var socket = door.connect(door.pki.sockets(client), "a.example", version)) {
            var seen = TlsDoor.get(socket);

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
        var expired = door.pki.client(door.pki.expired(), "old");
        authenticate("REQUIRED");

        assertThatThrownBy(() -> TlsDoor.get(door.connect(door.pki.sockets(), "a.example", version)))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> TlsDoor.get(door.connect(door.pki.sockets(foreign), "a.example", version)))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> TlsDoor.get(door.connect(door.pki.sockets(expired), "a.example", version)))
                .isInstanceOf(IOException.class);

        await("the counts", () -> door.failures("no_certificate") + door.failures("bad_certificate") == 3);
        assertThat(door.failures("bad_certificate")).isGreaterThanOrEqualTo(1);
    }

    @Test
    void anOptionalCertificateMayBeMissingButNotForeign() throws Exception {
        var foreign = new Pki("authority").client(builder -> builder, "mallory");
        authenticate("OPTIONAL");

        try (var socket = door.connect(door.pki.sockets(), "a.example", "TLSv1.3")) {
            assertThat(TlsDoor.get(socket)).doesNotContainIgnoringCase("x-forwarded-client-cert");
        }
        assertThatThrownBy(() -> TlsDoor.get(door.connect(door.pki.sockets(foreign), "a.example", "TLSv1.2")))
                .isInstanceOf(IOException.class);
    }

    private void authenticate(String how) throws Exception {
        Pki.write(folder.resolve("ca.crt"), door.pki.root().getCertificatePEM());
        door.start("clientAuthentication: " + how + ", clientCaFile: ca.crt");
    }

    private static String hash(byte[] der) throws Exception {
        return java.util.HexFormat.of()
                .formatHex(java.security.MessageDigest.getInstance("SHA-256").digest(der));
    }
}
