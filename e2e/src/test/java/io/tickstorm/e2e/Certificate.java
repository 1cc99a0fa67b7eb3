package io.tickstorm.e2e;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Map;

/**
 * A key and a certificate that it signed itself, as a Secret of type {@code kubernetes.io/tls} holds them.
 *
 * @param key PEM, PKCS #8
 * @param chain PEM
 */
record Certificate(String key, String chain) {
    private static final String ALIAS = "server";
    private static final String PASSWORD = "changeit";
    private static final int LINE = 64;

    static Certificate of(String host) throws IOException, GeneralSecurityException {
        var folder = Files.createTempDirectory("certificate-");
        var file = folder.resolve("store.p12");
        try {
            new Command(Map.of())
                    .run(
                            new String[] {
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString()
                            },
                            ("-genkeypair -alias " + ALIAS + " -keyalg EC -groupname secp256r1 -validity 30 -dname CN="
                                            + host
                                            + " -ext san=dns:" + host + " -storetype PKCS12 -storepass " + PASSWORD
                                            + " -keystore " + file)
                                    .split(" "));
            return read(file);
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
    }

    X509Certificate parsed() throws GeneralSecurityException {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(chain.getBytes(StandardCharsets.US_ASCII)));
    }

    private static Certificate read(Path file) throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
        var key = store.getKey(ALIAS, PASSWORD.toCharArray());
        return new Certificate(
                pem("PRIVATE KEY", key.getEncoded()),
                pem("CERTIFICATE", store.getCertificate(ALIAS).getEncoded()));
    }

    private static String pem(String what, byte[] content) {
        var text = Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n";
    }
}
