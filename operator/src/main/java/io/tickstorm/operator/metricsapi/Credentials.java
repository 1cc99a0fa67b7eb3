package io.tickstorm.operator.metricsapi;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the metrics are served with, as a Secret holds it.
 *
 * @param authorities that certificates in use are signed by, the newest first; the API server trusts all of them
 * @param authorityKey of the newest one
 * @param certificate of the server, signed by one of them
 * @param key of the certificate
 */
record Credentials(
        List<X509Certificate> authorities, PrivateKey authorityKey, X509Certificate certificate, PrivateKey key) {
    private static final Logger log = LoggerFactory.getLogger(Credentials.class);

    private static final String AUTHORITIES = "ca.crt";
    private static final String AUTHORITY_KEY = "ca.key";
    private static final String CERTIFICATE = "tls.crt";
    private static final String KEY = "tls.key";

    Credentials {
        authorities = List.copyOf(authorities);
    }

    /** From the data of a Secret; empty, and told, if something is missing or no certificate. */
    static Optional<Credentials> read(Map<String, String> data) {
        try {
            var authorities = Pem.certificates(text(data, AUTHORITIES));
            var certificates = Pem.certificates(text(data, CERTIFICATE));
            if (authorities.isEmpty() || certificates.isEmpty()) {
                throw new GeneralSecurityException("no certificate");
            }
            return Optional.of(new Credentials(
                    authorities,
                    Pem.key(text(data, AUTHORITY_KEY)),
                    certificates.getFirst(),
                    Pem.key(text(data, KEY))));
        } catch (GeneralSecurityException e) {
            log.warn("the certificates of the metrics are of no use, and will be made anew: {}", e.getMessage());
            return Optional.empty();
        }
    }

    /** The data of a Secret. */
    Map<String, String> data() {
        return Map.of(
                AUTHORITIES, encoded(bundle()),
                AUTHORITY_KEY, encoded(Pem.of(authorityKey)),
                CERTIFICATE, encoded(Pem.of(certificate)),
                KEY, encoded(Pem.of(key)));
    }

    X509Certificate newestAuthority() {
        return authorities.getFirst();
    }

    /** All authorities in PEM. */
    String bundle() {
        return Pem.of(authorities);
    }

    private static String text(Map<String, String> data, String key) throws GeneralSecurityException {
        var encoded = data.get(key);
        if (encoded == null) {
            throw new GeneralSecurityException(key + " is missing");
        }
        try {
            return new String(Base64.getDecoder().decode(encoded), StandardCharsets.US_ASCII);
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException(key + " is not base64", e);
        }
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }
}
