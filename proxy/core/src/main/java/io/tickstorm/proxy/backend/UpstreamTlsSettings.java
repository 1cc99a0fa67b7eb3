package io.tickstorm.proxy.backend;

import io.tickstorm.proxy.listener.CertificateFiles;
import io.tickstorm.proxy.settings.Section;
import io.tickstorm.proxy.settings.Syntax;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * TLS to the upstreams of a backend. Their certificates are always verified as far as a trusted root.
 *
 * @param caFile PEM: who may have signed them; null = whom this machine trusts
 * @param serverName what an upstream is asked for (SNI), and what its certificate has to be for; null = not asked for any name
 * @param verifyHostname whether the certificate has to be for {@code serverName}; without a name it is false
 * @param identity what we show to an upstream that asks; null = nothing
 */
public record UpstreamTlsSettings(
        @Nullable String caFile,
        @Nullable String serverName,
        boolean verifyHostname,
        @Nullable CertificateFiles identity) {

    public static UpstreamTlsSettings read(Section section) {
        var name = section.optionalText("serverName", Syntax.host());
        var verify = section.bool("verifyHostname", true);
        if (name == null && verify) {
            section.problem(
                    "serverName",
                    "missing (expected: the name in the certificates of the endpoints, or verifyHostname: false)");
        }
        return new UpstreamTlsSettings(
                section.optionalText("caFile", Syntax.anything()), name, verify, identity(section));
    }

    private static @Nullable CertificateFiles identity(Section section) {
        var certificate = section.optionalText("certificateFile", Syntax.anything());
        var key = section.optionalText("keyFile", Syntax.anything());
        if (certificate != null && key != null) {
            return new CertificateFiles(certificate, key);
        }
        if (certificate != null || key != null) {
            section.problem(
                    key == null ? "keyFile" : "certificateFile",
                    "missing (expected: both certificateFile and keyFile, or none of them)");
        }
        return null;
    }

    /** The same, with paths of files relative to this folder instead of the working directory. */
    public UpstreamTlsSettings in(Path folder) {
        return new UpstreamTlsSettings(
                caFile == null ? null : folder.resolve(caFile).toString(),
                serverName,
                verifyHostname,
                identity == null ? null : identity.in(folder));
    }

    public Map<String, Object> toMap() {
        var map = new LinkedHashMap<String, Object>();
        if (caFile != null) {
            map.put("caFile", caFile);
        }
        if (serverName != null) {
            map.put("serverName", serverName);
        }
        map.put("verifyHostname", verifyHostname);
        if (identity != null) {
            map.putAll(identity.toMap());
        }
        return map;
    }
}
