package io.tickstorm.proxy.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tickstorm.proxy.backend.StickinessSettings.SameSite;
import io.tickstorm.proxy.endpoint.EndpointId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StickyCookieTest {
    private static final EndpointId POD = new EndpointId("3f8a-uid", "10.0.0.1", 80);
    private static final String SECRET = "0123456789abcdef";

    @TempDir
    private Path folder;

    private final StickyCookie cookie = cookie(SECRET);

    @Test
    void itNamesThePodAndIsRecognised() {
        assertThat(cookie.value(POD)).startsWith("3f8a-uid.");
        assertThat(cookie.target(cookie.value(POD))).isEqualTo("3f8a-uid");
    }

    /** The signature of openssl: {@code printf 3f8a-uid | openssl dgst -sha256 -hmac 0123456789abcdef -binary | base64}. */
    @Test
    void theSignatureIsThatOfTheStandard() {
        assertThat(cookie.value(POD)).isEqualTo("3f8a-uid.aRWq_Uy5Lw2p_BM0FGcDOEYz3p6I_kxGu7l1h6sDAQo");
    }

    @Test
    void anEndpointWithoutUidGoesByItsAddress() {
        var plain = new EndpointId("", "fd00::1", 80);

        assertThat(cookie.target(cookie.value(plain))).isEqualTo("[fd00::1]:80");
        assertThat(cookie.value(plain)).matches("[\\x21\\x23-\\x2b\\x2d-\\x3a\\x3c-\\x5b\\x5d-\\x7e]+");
    }

    @Test
    void whatWeHaveNotSignedIsNotRecognised() {
        var value = cookie.value(POD);
        var signature = value.substring(value.indexOf('.'));

        for (var forged : List.of(
                "",
                ".",
                "3f8a-uid",
                "3f8a-uid.",
                signature,
                "other-uid" + signature,
                value + "A",
                value.substring(0, value.length() - 1),
                value.replace("uid.", "uid..")))
            assertThat(cookie.target(forged)).as(forged).isNull();
        assertThat(cookie("another secret, long enough").target(value)).isNull();
    }

    @Test
    void anOldSecretIsStillRecognisedWhileANewOneSigns() {
        var both = cookie("a new secret of this year", SECRET);

        assertThat(both.target(cookie.value(POD))).isEqualTo(POD.uid());
        assertThat(cookie.target(both.value(POD))).isNull();
    }

    @Test
    void theAttributesKeepItFromScriptsAndOtherSites() {
        assertThat(cookie.setCookie(POD))
                .isEqualTo("tickstorm=" + cookie.value(POD) + "; Path=/; HttpOnly; SameSite=Lax; Secure");
        var kept = new StickyCookie(
                new StickinessSettings.Cookie("c", "", Duration.ofMinutes(2), false, SameSite.STRICT), List.of(SECRET));
        assertThat(kept.setCookie(POD))
                .isEqualTo("c=" + cookie.value(POD) + "; Path=/; Max-Age=120; HttpOnly; SameSite=Strict");
    }

    @Test
    void secretsAreTheLinesOfTheFile() throws IOException {
        var file = Files.writeString(folder.resolve("secret"), "\na new secret of this year \n\n" + SECRET + "\n");

        var read = StickyCookie.of(settings(file));

        assertThat(read.value(POD))
                .isEqualTo(cookie("a new secret of this year").value(POD));
        assertThat(read.target(cookie.value(POD))).isEqualTo(POD.uid());
    }

    @Test
    void aFileThatIsNoGoodIsToldWithoutItsSecrets() throws IOException {
        var file = folder.resolve("secret");
        assertThatThrownBy(() -> StickyCookie.of(settings(file)))
                .hasMessage("stickiness.secretFile: %s (expected: a file of text that can be read)", file);

        Files.writeString(file, SECRET + "\nshort\n");
        assertThatThrownBy(() -> StickyCookie.of(settings(file)))
                .hasMessage("stickiness.secretFile: %s (expected: lines of at least 16 characters)", file);

        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe});
        assertThatThrownBy(() -> StickyCookie.of(settings(file))).hasMessageContaining("a file of text");
    }

    private static StickyCookie cookie(String... secrets) {
        return new StickyCookie(settings(Path.of("")), List.of(secrets));
    }

    private static StickinessSettings.Cookie settings(Path file) {
        return new StickinessSettings.Cookie("tickstorm", file.toString(), Duration.ZERO, true, SameSite.LAX);
    }
}
