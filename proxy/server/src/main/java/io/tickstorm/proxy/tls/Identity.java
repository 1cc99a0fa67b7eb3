package io.tickstorm.proxy.tls;

import io.tickstorm.proxy.listener.CertificateFiles;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A certificate and its key.
 *
 * @param file where the certificate came from
 * @param chain the certificate first, then those that lead to its root
 * @param names in lower case, what it is for: DNS names, wildcards as they are
 */
record Identity(String file, List<X509Certificate> chain, PrivateKey key, Set<String> names) {
    private static final int DNS_NAME = 2;

    /** @param setting where the files are named */
    static Identity read(String setting, CertificateFiles files) {
        var chain = Pem.certificates(setting + ".certificateFile", files.certificateFile());
        var certificate = chain.getFirst();
        var algorithm = certificate.getPublicKey().getAlgorithm();
        if (!algorithm.equals("RSA") && !algorithm.equals("EC")) {
            throw Pem.wrong(
                    setting + ".certificateFile",
                    files.certificateFile(),
                    "a certificate of a key of kind " + algorithm + " (expected: RSA or EC)");
        }
        var key = Pem.key(setting + ".keyFile", files.keyFile(), certificate.getPublicKey());
        if (!matches(certificate, key)) {
            throw Pem.wrong(
                    setting + ".keyFile",
                    files.keyFile(),
                    "not the key of the certificate in " + files.certificateFile());
        }
        return new Identity(files.certificateFile(), chain, key, names(certificate));
    }

    X509Certificate certificate() {
        return chain.getFirst();
    }

    Instant expiry() {
        return certificate().getNotAfter().toInstant();
    }

    /** RSA or EC. */
    String keyType() {
        return certificate().getPublicKey().getAlgorithm();
    }

    /** What one has signed the other verifies: this holds for every kind of key, and finds a file that was replaced half. */
    private static boolean matches(X509Certificate certificate, PrivateKey key) {
        try {
            var name = key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
            var probe = certificate.getSerialNumber().toByteArray();
            var signing = Signature.getInstance(name);
            signing.initSign(key);
            signing.update(probe);
            var verifying = Signature.getInstance(name);
            verifying.initVerify(certificate.getPublicKey());
            verifying.update(probe);
            return verifying.verify(signing.sign());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** The subject's common name is not looked at: clients have not done so for years (RFC 9525 section 2). */
    private static Set<String> names(X509Certificate certificate) {
        var names = new LinkedHashSet<String>();
        try {
            var all = certificate.getSubjectAlternativeNames();
            if (all != null) {
                for (var each : all) {
                    if (each.get(0) instanceof Integer kind && kind == DNS_NAME) {
                        names.add(String.valueOf(each.get(1)).toLowerCase(Locale.ROOT));
                    }
                }
            }
        } catch (CertificateParsingException e) {
            return Set.of(); // nobody can ask for names that nobody can read
        }
        return names;
    }
}
