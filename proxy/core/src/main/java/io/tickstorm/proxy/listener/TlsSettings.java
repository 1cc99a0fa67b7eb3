package io.tickstorm.proxy.listener;

import io.tickstorm.proxy.settings.Durations;
import io.tickstorm.proxy.settings.Section;
import io.tickstorm.proxy.settings.Syntax;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * TLS on a listener.
 *
 * @param certificates 1..1,000; the first one is shown where no other has the name that a client asks for
 * @param cipherSuites of TLS 1.2, by preference, names of the IANA registry; those of TLS 1.3 are not chosen
 * @param clientCaFile PEM: who may have signed the certificate of a client; null exactly if none is asked for
 * @param handshakeTimeout absolute, from the connection to the end of the handshake
 * @param resumption whether a client that comes again may leave out the costly part, by a ticket
 * @param strictSni whether a name that no certificate has is refused
 */
public record TlsSettings(
        List<CertificateFiles> certificates,
        TlsVersion minVersion,
        List<String> cipherSuites,
        ClientAuthentication clientAuthentication,
        @Nullable String clientCaFile,
        Duration handshakeTimeout,
        boolean resumption,
        boolean strictSni) {
    /**
     * Forward secrecy and authenticated encryption, nothing else (RFC 9325 section 4.2): whoever speaks TLS 1.2 today has one
     * of them. AES with 128 bits first, because it is the cheapest where processors know AES.
     */
    public static final List<String> CIPHER_SUITES = List.of(
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private static final Syntax<String> CIPHER_SUITE = new Syntax<>(
            "a cipher suite of TLS 1.2 with forward secrecy and AEAD: " + String.join(", ", CIPHER_SUITES),
            text -> CIPHER_SUITES.contains(text) ? text : null);

    private static final int MOST_CERTIFICATES = 1_000;
    private static final Duration HANDSHAKE = Duration.ofSeconds(10);
    private static final Duration SHORTEST_HANDSHAKE = Duration.ofMillis(100);
    private static final Duration LONGEST_HANDSHAKE = Duration.ofMinutes(5);

    public TlsSettings {
        certificates = List.copyOf(certificates);
        cipherSuites = List.copyOf(cipherSuites);
    }

    /** All as it is where only the certificates are said. */
    public TlsSettings(List<CertificateFiles> certificates) {
        this(certificates, TlsVersion.TLS_1_2, CIPHER_SUITES, ClientAuthentication.NONE, null, HANDSHAKE, true, false);
    }

    public static TlsSettings read(Section section) {
        var authentication = section.enumeration("clientAuthentication", ClientAuthentication.NONE);
        var settings = new TlsSettings(
                section.list("certificates", CertificateFiles::read),
                section.enumeration("minVersion", TlsVersion.TLS_1_2),
                section.list("cipherSuites", CIPHER_SUITE, CIPHER_SUITES),
                authentication,
                section.optionalText("clientCaFile", Syntax.anything()),
                section.duration("handshakeTimeout", SHORTEST_HANDSHAKE, LONGEST_HANDSHAKE, HANDSHAKE),
                section.bool("resumption", true),
                section.bool("strictSni", false));
        var certificates = settings.certificates().size();
        if (certificates == 0 || certificates > MOST_CERTIFICATES) {
            section.problem(
                    "certificates",
                    (certificates == 0 ? "none" : String.valueOf(certificates)) + " (expected: a list of 1.."
                            + MOST_CERTIFICATES + ")");
        }
        if (settings.cipherSuites().isEmpty()) {
            section.problem("cipherSuites", "an empty list (expected: at least one)");
        }
        if (authentication == ClientAuthentication.NONE) {
            section.refuse("clientCaFile", "beside clientAuthentication: NONE (expected: OPTIONAL or REQUIRED)");
        } else if (settings.clientCaFile() == null) {
            section.problem(
                    "clientCaFile",
                    "missing (expected: a file of those that clients' certificates are signed by, because of"
                            + " clientAuthentication: " + authentication + ")");
        }
        return settings;
    }

    /** The same, with paths of files relative to this folder instead of the working directory. */
    public TlsSettings in(Path folder) {
        return new TlsSettings(
                certificates.stream().map(files -> files.in(folder)).toList(),
                minVersion,
                cipherSuites,
                clientAuthentication,
                clientCaFile == null ? null : folder.resolve(clientCaFile).toString(),
                handshakeTimeout,
                resumption,
                strictSni);
    }

    public Map<String, Object> toMap() {
        var map = new LinkedHashMap<String, Object>();
        map.put(
                "certificates",
                certificates.stream().map(CertificateFiles::toMap).toList());
        map.put("minVersion", minVersion.toString());
        map.put("cipherSuites", cipherSuites);
        map.put("clientAuthentication", clientAuthentication.toString());
        if (clientCaFile != null) {
            map.put("clientCaFile", clientCaFile);
        }
        map.put("handshakeTimeout", Durations.format(handshakeTimeout));
        map.put("resumption", resumption);
        map.put("strictSni", strictSni);
        return map;
    }
}
