package io.tickstorm.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SecretReportTest {
    private static final SecretState CERTIFICATE = new SecretState(Set.of("tls.crt", "tls.key"), "uid/7");

    private final TreeMap<String, SortedSet<String>> needed = new TreeMap<>();

    @Test
    void whatIsMissingIsNamedWithTheCommandThatMakesIt() {
        needs("shop-tls", "tls.crt", "tls.key");
        needs("people", "ca.crt");

        var report = report(Map.of("shop-tls", SecretState.ABSENT, "people", SecretState.ABSENT));

        assertThat(report.troubles()).singleElement().satisfies(trouble -> {
            assertThat(trouble.reason()).isEqualTo("SecretMissing");
            assertThat(trouble.message())
                    .contains(
                            "Secret shop-tls is not there",
                            "kubectl create secret tls shop-tls -n shop --cert=FILE --key=FILE",
                            "Secret people is not there (needed: ca.crt)",
                            "kubectl create secret generic people -n shop --from-file=ca.crt=FILE");
        });
        assertThat(report.version()).isNull();
    }

    @Test
    void aKeyThatIsMissingIsNamedWithThoseThatAreThere() {
        needs("cookie", "secret");

        var report = report(Map.of("cookie", new SecretState(Set.of("key", "a"), "uid/1")));

        assertThat(report.troubles())
                .containsExactly(
                        new Trouble(
                                "SecretIncomplete",
                                "Secret cookie has no secret; add that, or name the key that it has in spec.loadBalancer (it has: a, key)"));
        assertThat(report.version()).isNull();
    }

    @Test
    void nothingIsSaidOfWhatIsNotKnown() {
        needs("shop-tls", "tls.crt", "tls.key");

        assertThat(report(Map.of())).isEqualTo(new SecretReport(List.of(), null));
    }

    @Test
    void everyChangeMakesAnotherVersion() {
        needs("shop-tls", "tls.crt", "tls.key");
        var before = report(Map.of("shop-tls", CERTIFICATE));

        var after = report(Map.of("shop-tls", new SecretState(CERTIFICATE.keys(), "uid/8")));

        assertThat(before.troubles()).isEmpty();
        assertThat(before.version()).matches("[0-9a-f]{16}").isNotEqualTo(after.version());
        assertThat(report(Map.of("shop-tls", CERTIFICATE))).isEqualTo(before);
    }

    private void needs(String secret, String... keys) {
        needed.put(secret, new TreeSet<>(List.of(keys)));
    }

    private SecretReport report(Map<String, SecretState> seen) {
        return SecretReport.of("shop", needed, seen);
    }
}
