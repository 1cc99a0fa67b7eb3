package io.tickstorm.proxy.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Files of certificates and keys (RFC 7468). What is wrong with one is told by an {@link IllegalArgumentException} that names the
 * setting, the file, and what was expected.
 */
final class Pem {
    private static final Pattern CERTIFICATE =
            Pattern.compile("-----BEGIN CERTIFICATE-----\\s+([A-Za-z0-9+/=\\s]+)-----END CERTIFICATE-----");

    private static final Pattern KEY = Pattern.compile(
            "-----BEGIN (|RSA |EC )PRIVATE KEY-----\\s+([A-Za-z0-9+/=\\s]+)-----END (|RSA |EC )PRIVATE KEY-----");

    /** More than any chain of certificates takes, and any list of authorities that people choose by hand. */
    private static final long LARGEST = 4 * 1024 * 1024;

    private Pem() {}

    /** At least one certificate. */
    static List<X509Certificate> certificates(String setting, String file) {
        var found = CERTIFICATE.matcher(text(setting, file));
        var all = new ArrayList<X509Certificate>();
        try {
            var factory = CertificateFactory.getInstance("X.509");
            while (found.find()) {
                all.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(bytes(found, 1))));
            }
        } catch (CertificateException | IllegalArgumentException e) {
            throw wrong(setting, file, "certificate " + (all.size() + 1) + " in it cannot be read: " + e.getMessage());
        }
        if (all.isEmpty()) {
            throw wrong(setting, file, "no certificate in it (expected: PEM, -----BEGIN CERTIFICATE-----)");
        }
        return List.copyOf(all);
    }

    /** The private key that belongs to a public one. */
    static PrivateKey key(String setting, String file, PublicKey partner) {
        var found = KEY.matcher(text(setting, file));
        if (!found.find()) {
            throw wrong(
                    setting,
                    file,
                    "no private key in it (expected: PEM without a password, -----BEGIN PRIVATE KEY-----)");
        }
        try {
            var der = bytes(found, 2);
            var pkcs8 = found.group(1).isEmpty() ? der : Pkcs8.wrap(der, partner);
            return KeyFactory.getInstance(partner.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw wrong(
                    setting,
                    file,
                    "its key cannot be read (expected: a key of kind " + partner.getAlgorithm()
                            + ", as the certificate has): " + e.getMessage());
        }
    }

    static IllegalArgumentException wrong(String setting, String file, String what) {
        return new IllegalArgumentException(setting + ": " + file + ": " + what);
    }

    private static byte[] bytes(Matcher found, int group) {
        return Base64.getMimeDecoder().decode(found.group(group));
    }

    private static String text(String setting, String file) {
        var path = Path.of(file);
        try {
            if (Files.size(path) > LARGEST) {
                throw wrong(setting, file, Files.size(path) + " bytes (expected: at most " + LARGEST + ")");
            }
            return Files.readString(path, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw wrong(setting, file, "not there");
        } catch (IOException e) {
            throw wrong(setting, file, "cannot be read: " + e);
        }
    }
}
