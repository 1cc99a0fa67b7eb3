package io.tickstorm.operator.metricsapi;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes authorities and the certificates that they sign: keys of P-256, signed with SHA-256. */
final class Issuer {
    static final Duration AUTHORITY_LIFE = Duration.ofDays(5 * 365);
    static final Duration CERTIFICATE_LIFE = Duration.ofDays(365);
    /** The clocks of API servers may be behind ours. */
    static final Duration BACKDATED = Duration.ofMinutes(5);

    private static final int SERIAL_BITS = 120;

    private final String name;
    private final String host;
    private final SecureRandom random = new SecureRandom();

    /**
     * @param name what authorities are called
     * @param host that the certificates are for
     */
    Issuer(String name, String host) {
        this.name = name;
        this.host = host;
    }

    /** A certificate and its key. */
    record Issued(X509Certificate certificate, PrivateKey key) {}

    Issued authority(Instant now) {
        var keys = keys();
        // Each has a name of its own, so that a certificate says which of them signed it.
        var subject = new X500Principal("CN=" + name + "-" + now.getEpochSecond());
        var certificate = sign(
                subject,
                keys,
                new X500Principal(subject.getName()),
                keys,
                now,
                AUTHORITY_LIFE,
                new Purpose(new BasicConstraints(0), KeyUsage.keyCertSign | KeyUsage.cRLSign, List.of()));
        return new Issued(certificate, keys.getPrivate());
    }

    /** A certificate of the server. */
    Issued certificate(X509Certificate authority, PrivateKey authorityKey, Instant now) {
        var keys = keys();
        var certificate = sign(
                authority.getSubjectX500Principal(),
                new KeyPair(authority.getPublicKey(), authorityKey),
                new X500Principal("CN=" + shortened(host)),
                keys,
                now,
                CERTIFICATE_LIFE,
                new Purpose(new BasicConstraints(false), KeyUsage.digitalSignature, List.of(host)));
        return new Issued(certificate, keys.getPrivate());
    }

    /** Whether a certificate is for our name. */
    boolean namesUs(X509Certificate certificate) {
        try {
            var names = certificate.getSubjectAlternativeNames();
            return names != null && names.stream().anyMatch(entry -> host.equals(entry.get(1)));
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private record Purpose(BasicConstraints constraints, int keyUsage, List<String> hosts) {}

    private X509Certificate sign(
            X500Principal issuer,
            KeyPair issuerKeys,
            X500Principal subject,
            KeyPair keys,
            Instant now,
            Duration life,
            Purpose purpose) {
        var builder = new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS),
                Date.from(now.minus(BACKDATED)),
                Date.from(now.plus(life)),
                subject,
                keys.getPublic());
        try {
            extend(builder, issuerKeys.getPublic(), keys.getPublic(), purpose);
            var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKeys.getPrivate());
            return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new IllegalStateException("a certificate cannot be made: " + e.getMessage(), e);
        }
    }

    private static void extend(JcaX509v3CertificateBuilder builder, PublicKey issuerKey, PublicKey key, Purpose purpose)
            throws GeneralSecurityException, IOException {
        var identifiers = new JcaX509ExtensionUtils();
        builder.addExtension(Extension.basicConstraints, true, purpose.constraints());
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(purpose.keyUsage()));
        builder.addExtension(Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(key));
        builder.addExtension(
                Extension.authorityKeyIdentifier, false, identifiers.createAuthorityKeyIdentifier(issuerKey));
        if (!purpose.hosts().isEmpty()) {
            builder.addExtension(
                    Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
            var names = purpose.hosts().stream()
                    .map(name -> new GeneralName(GeneralName.dNSName, name))
                    .toArray(GeneralName[]::new);
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
        }
    }

    /** A common name has at most 64 characters; who verifies looks at the alternative names. */
    private static String shortened(String host) {
        return host.length() <= 64 ? host : host.substring(0, 64);
    }

    private KeyPair keys() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has P-256", e);
        }
    }
}
