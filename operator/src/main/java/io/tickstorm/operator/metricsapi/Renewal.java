package io.tickstorm.operator.metricsapi;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Replaces certificates when two thirds of their life are over, so that at no moment somebody serves with one that the API server does not trust.
 *
 * <p>A new certificate of the server needs one step, because its authority is trusted already. A new authority needs two: first it is added to those that are trusted, and
 * only when the API server has been told so does it sign the server's certificate. The former one stays trusted until it expires, for the processes that read the Secret
 * late.
 */
final class Renewal {
    private final Issuer issuer;

    Renewal(Issuer issuer) {
        this.issuer = issuer;
    }

    /**
     * What should be in use now: {@code current} itself if nothing is due.
     *
     * @param current what is in use; empty if there is nothing of use
     * @param trusted whether the API server has been told to trust an authority
     */
    Credentials renewed(Optional<Credentials> current, Predicate<X509Certificate> trusted, Instant now) {
        var usable = current.filter(credentials -> !expired(credentials.newestAuthority(), now)
                && credentials.authorities().stream()
                        .anyMatch(authority -> signed(authority, credentials.certificate())));
        return usable.map(credentials -> next(credentials, trusted, now)).orElseGet(() -> anew(now));
    }

    private Credentials next(Credentials credentials, Predicate<X509Certificate> trusted, Instant now) {
        if (due(credentials.newestAuthority(), now)) {
            return withNewAuthority(credentials, now);
        }
        var certificate = credentials.certificate();
        var wanted = due(certificate, now) || !issuer.namesUs(certificate) || !signedByNewest(credentials);
        if (!wanted || !(trusted.test(credentials.newestAuthority()) || expired(certificate, now))) {
            return credentials;
        }
        var issued = issuer.certificate(credentials.newestAuthority(), credentials.authorityKey(), now);
        return new Credentials(
                credentials.authorities().stream()
                        .filter(authority -> !expired(authority, now))
                        .toList(),
                credentials.authorityKey(),
                issued.certificate(),
                issued.key());
    }

    private Credentials withNewAuthority(Credentials credentials, Instant now) {
        var authority = issuer.authority(now);
        var authorities = new ArrayList<X509Certificate>();
        authorities.add(authority.certificate());
        authorities.addAll(credentials.authorities());
        return new Credentials(authorities, authority.key(), credentials.certificate(), credentials.key());
    }

    private Credentials anew(Instant now) {
        var authority = issuer.authority(now);
        var issued = issuer.certificate(authority.certificate(), authority.key(), now);
        return new Credentials(List.of(authority.certificate()), authority.key(), issued.certificate(), issued.key());
    }

    private static boolean signedByNewest(Credentials credentials) {
        return signed(credentials.newestAuthority(), credentials.certificate());
    }

    private static boolean signed(X509Certificate authority, X509Certificate certificate) {
        try {
            certificate.verify(authority.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static boolean due(X509Certificate certificate, Instant now) {
        var begin = certificate.getNotBefore().toInstant();
        var life = Duration.between(begin, certificate.getNotAfter().toInstant());
        return !now.isBefore(begin.plus(life.multipliedBy(2).dividedBy(3)));
    }

    private static boolean expired(X509Certificate certificate, Instant now) {
        return !now.isBefore(certificate.getNotAfter().toInstant());
    }
}
