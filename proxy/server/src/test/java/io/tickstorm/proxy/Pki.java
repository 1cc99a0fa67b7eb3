package io.tickstorm.proxy;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;

/** An authority of a test, and what it signs. */
final class Pki {
    private static final Duration VALID = Duration.ofDays(30);

    private final Instant now = Instant.now();
    private final X509Bundle root;

    /** By ECDSA. */
    Pki(String name) {
        this(name, CertificateBuilder::ecp256);
    }

    Pki(String name, UnaryOperator<CertificateBuilder> change) {
        root = build(
                change.apply(certificate("CN=" + name)).setIsCertificateAuthority(true),
                CertificateBuilder::buildSelfSigned);
    }

    private interface Build {
        X509Bundle of(CertificateBuilder builder) throws Exception;
    }

    private static X509Bundle build(CertificateBuilder builder, Build how) {
        try {
            return how.of(builder);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private CertificateBuilder certificate(String subject) {
        return new CertificateBuilder()
                .ecp256()
                .subject(subject)
                .notBefore(now.minus(VALID))
                .notAfter(now.plus(VALID));
    }

    X509Bundle root() {
        return root;
    }

    /** Of a server, by ECDSA unless it is changed. */
    X509Bundle server(UnaryOperator<CertificateBuilder> change, String... names) {
        var builder = certificate("CN=" + names[0]).addExtendedKeyUsageServerAuth();
        // The builder's own method for names takes no wildcards.
        var all = new GeneralNames(Stream.of(names)
                .map(name -> new GeneralName(GeneralName.dNSName, name))
                .toArray(GeneralName[]::new));
        try {
            builder.addExtensionOctetString(Extension.subjectAlternativeName.getId(), false, all.getEncoded());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return build(change.apply(builder), each -> each.buildIssuedBy(root));
    }

    X509Bundle server(String... names) {
        return server(UnaryOperator.identity(), names);
    }

    X509Bundle client(UnaryOperator<CertificateBuilder> change, String name) {
        return build(
                change.apply(certificate("CN=" + name).addExtendedKeyUsageClientAuth()),
                each -> each.buildIssuedBy(root));
    }

    /** Ended yesterday. */
    UnaryOperator<CertificateBuilder> expired() {
        return builder -> builder.notAfter(now.minus(Duration.ofDays(1)));
    }

    /** Writes {@code name.crt} and {@code name.key}, each by a rename. */
    static void write(Path folder, String name, X509Bundle bundle) {
        write(folder.resolve(name + ".key"), bundle.getPrivateKeyPEM());
        write(folder.resolve(name + ".crt"), bundle.getCertificatePathPEM());
    }

    static void write(Path file, String text) {
        try {
            var fresh = Files.writeString(file.resolveSibling(file.getFileName() + ".new"), text);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For clients that trust this authority and have no certificate. */
    SSLSocketFactory sockets() {
        return context(null).getSocketFactory();
    }

    /** For clients that trust this authority and have one. */
    SSLSocketFactory sockets(X509Bundle own) {
        return context(own).getSocketFactory();
    }

    /** @param own null for none */
    SSLContext context(X509Bundle own) {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(
                    own == null ? null : own.toKeyManagerFactory().getKeyManagers(),
                    root.toTrustManagerFactory().getTrustManagers(),
                    null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
