package io.tickstorm.proxy.tls;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * The value of {@code x-forwarded-client-cert}: the elements By, Hash, Subject, URI and DNS in the form that Envoy gives it, so
 * that servers which can read the one can read the other.
 */
final class ForwardedCertificate {
    private static final int DNS_NAME = 2;
    private static final int URI = 6;

    /** More names than this are left out: the line must stay well below what servers take for a head. */
    private static final int MOST_NAMES = 16;

    private static final int FIRST_PRINTABLE = 0x20;
    private static final int LAST_PRINTABLE = 0x7e;

    private ForwardedCertificate() {}

    /** Null if the peer has shown no certificate that was verified. */
    static @Nullable String of(SSLSession session) {
        try {
            return session.getPeerCertificates()[0] instanceof X509Certificate certificate
                    ? of(certificate, session.getLocalCertificates())
                    : null;
        } catch (SSLPeerUnverifiedException none) {
            return null;
        }
    }

    private static String of(X509Certificate client, Certificate @Nullable [] own) {
        var value = new StringBuilder();
        if (own != null && own.length > 0 && own[0] instanceof X509Certificate server) {
            names(server, URI)
                    .limit(1)
                    .forEach(uri -> value.append("By=").append(plain(uri)).append(';'));
        }
        value.append("Hash=").append(hash(client));
        value.append(";Subject=").append(quoted(client.getSubjectX500Principal().getName()));
        names(client, URI).forEach(uri -> value.append(";URI=").append(plain(uri)));
        names(client, DNS_NAME).forEach(name -> value.append(";DNS=").append(plain(name)));
        return value.toString();
    }

    private static Stream<String> names(X509Certificate certificate, int kind) {
        try {
            var all = certificate.getSubjectAlternativeNames();
            return (all == null ? List.<List<?>>of() : all)
                    .stream()
                            .filter(name -> name.get(0) instanceof Integer found && found == kind)
                            .map(name -> String.valueOf(name.get(1)))
                            .limit(MOST_NAMES);
        } catch (CertificateParsingException e) {
            return Stream.empty();
        }
    }

    private static String hash(X509Certificate certificate) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e); // it was parsed, and every JDK knows SHA-256
        }
    }

    /** Quoted where it would otherwise end its element. */
    private static String plain(String text) {
        return text.chars().anyMatch(each -> ",;=\"".indexOf(each) >= 0) ? quoted(text) : printable(text);
    }

    private static String quoted(String text) {
        return '"' + printable(text.replace("\\", "\\\\").replace("\"", "\\\"")) + '"';
    }

    /** What cannot stand in a field of HTTP is written by percent signs: an authority may sign names of any characters. */
    private static String printable(String text) {
        var out = new StringBuilder(text.length());
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            if (each >= FIRST_PRINTABLE && each <= LAST_PRINTABLE) {
                out.append((char) each);
            } else {
                out.append('%').append(HexFormat.of().withUpperCase().toHexDigits(each));
            }
        }
        return out.toString();
    }
}
