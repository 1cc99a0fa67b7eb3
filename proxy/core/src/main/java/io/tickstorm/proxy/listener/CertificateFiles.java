package io.tickstorm.proxy.listener;

import io.tickstorm.proxy.settings.Section;
import io.tickstorm.proxy.settings.Syntax;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where a certificate is.
 *
 * @param certificateFile PEM: the certificate, then those that lead to its root, which may be left out
 * @param keyFile PEM: its private key, PKCS #8 without a password
 */
public record CertificateFiles(String certificateFile, String keyFile) {
    public static CertificateFiles read(Section section) {
        return new CertificateFiles(
                section.text("certificateFile", Syntax.anything()), section.text("keyFile", Syntax.anything()));
    }

    /** The same, relative to a folder. */
    public CertificateFiles in(Path folder) {
        return new CertificateFiles(
                folder.resolve(certificateFile).toString(),
                folder.resolve(keyFile).toString());
    }

    public Map<String, Object> toMap() {
        var map = new LinkedHashMap<String, Object>();
        map.put("certificateFile", certificateFile);
        map.put("keyFile", keyFile);
        return map;
    }
}
