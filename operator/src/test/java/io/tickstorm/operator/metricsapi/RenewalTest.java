package io.tickstorm.operator.metricsapi;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RenewalTest {
    private static final Instant BEGIN = Instant.parse("2026-11-21T00:00:00Z");
    private static final Predicate<X509Certificate> TRUSTED = authority -> true;
    private static final Predicate<X509Certificate> UNTOLD = authority -> false;

    private final Issuer issuer = new Issuer("metrics", "metrics.system.svc");
    private final Renewal renewal = new Renewal(issuer);
    private final Credentials first = renewal.renewed(Optional.empty(), UNTOLD, BEGIN);

    @Test
    void whereNothingIsAnAuthorityAndACertificateAreMade() throws Exception {
        assertThat(first.authorities()).hasSize(1);
        first.certificate().verify(first.newestAuthority().getPublicKey());
        assertThat(first.certificate().getSubjectAlternativeNames().toString()).contains("metrics.system.svc");
        assertThat(first.certificate().getNotAfter().toInstant()).isEqualTo(BEGIN.plus(Duration.ofDays(365)));
        assertThat(Credentials.read(first.data())).contains(first);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100, 243})
    void whatIsInTheFirstTwoThirdsOfItsLifeStays(int days) {
        assertThat(after(first, TRUSTED, days)).isSameAs(first);
    }

    @Test
    void aCertificateIsReplacedByOneOfTheSameAuthority() throws Exception {
        var second = after(first, TRUSTED, 244);

        assertThat(second.certificate()).isNotEqualTo(first.certificate());
        assertThat(second.authorities()).isEqualTo(first.authorities());
        second.certificate().verify(first.newestAuthority().getPublicKey());
    }

    @Test
    void anAuthorityIsTrustedBeforeItSignsAndTheFormerOneStaysTrusted() throws Exception {
        var young = renewal.renewed(Optional.of(after(first, TRUSTED, 1200)), TRUSTED, BEGIN);
        assertThat(young.authorities()).hasSize(1);
        var day = Duration.ofDays(1220);

        var added = renewal.renewed(Optional.of(young), TRUSTED, BEGIN.plus(day));
        assertThat(added.authorities()).hasSize(2).endsWith(first.newestAuthority());
        assertThat(added.certificate()).isEqualTo(young.certificate());

        assertThat(renewal.renewed(Optional.of(added), UNTOLD, BEGIN.plus(day))).isSameAs(added);

        var signed = renewal.renewed(Optional.of(added), TRUSTED, BEGIN.plus(day));
        signed.certificate().verify(added.newestAuthority().getPublicKey());
        assertThat(signed.authorities()).isEqualTo(added.authorities());
        assertThat(renewal.renewed(Optional.of(signed), TRUSTED, BEGIN.plus(day)))
                .isSameAs(signed);
    }

    @Test
    void anAuthorityThatHasExpiredIsTrustedNoMore() {
        var added = after(first, TRUSTED, 1220);
        var signed = after(added, TRUSTED, 1220);

        var later = after(signed, TRUSTED, 5 * 365 + 1);

        assertThat(later.authorities()).doesNotContain(first.newestAuthority());
    }

    @Test
    void aCertificateForAnotherNameIsReplaced() {
        var moved = new Renewal(new Issuer("metrics", "metrics.elsewhere.svc"));

        var renewed = moved.renewed(Optional.of(first), TRUSTED, BEGIN);

        assertThat(renewed.authorities()).isEqualTo(first.authorities());
        assertThat(renewed.certificate()).isNotEqualTo(first.certificate());
    }

    @Test
    void whatDoesNotBelongTogetherIsMadeAnew() {
        var other = renewal.renewed(Optional.empty(), UNTOLD, BEGIN.plusSeconds(1));
        var mixed = new Credentials(other.authorities(), other.authorityKey(), first.certificate(), first.key());

        var renewed = renewal.renewed(Optional.of(mixed), TRUSTED, BEGIN);

        assertThat(renewed.authorities()).doesNotContain(other.newestAuthority());
        assertThat(Credentials.read(java.util.Map.of("ca.crt", "bm9uZQ=="))).isEmpty();
    }

    private Credentials after(Credentials credentials, Predicate<X509Certificate> trusted, int days) {
        return renewal.renewed(Optional.of(credentials), trusted, BEGIN.plus(Duration.ofDays(days)));
    }
}
