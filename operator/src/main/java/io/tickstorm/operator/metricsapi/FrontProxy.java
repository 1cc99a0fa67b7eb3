package io.tickstorm.operator.metricsapi;

import io.vertx.core.MultiMap;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The API server as the one in front of us: by which certificate it is known, and in which header fields it says who asks. As the ConfigMap
 * {@code kube-system/extension-apiserver-authentication} has it. Immutable.
 */
final class FrontProxy {
    private final X509TrustManager authorities;
    private final List<String> allowedNames;
    private final List<String> userFields;
    private final List<String> uidFields;
    private final List<String> groupFields;
    private final List<String> extraPrefixes;

    private FrontProxy(X509TrustManager authorities, Map<String, String> data) {
        this.authorities = authorities;
        this.allowedNames = list(data, "requestheader-allowed-names", List.of());
        this.userFields = list(data, "requestheader-username-headers", List.of("X-Remote-User"));
        this.uidFields = list(data, "requestheader-uid-headers", List.of("X-Remote-Uid"));
        this.groupFields = list(data, "requestheader-group-headers", List.of("X-Remote-Group"));
        this.extraPrefixes = list(data, "requestheader-extra-headers-prefix", List.of("X-Remote-Extra-"));
    }

    /**
     * From the data of the ConfigMap.
     *
     * @throws GeneralSecurityException if it does not say by which authority the API server is known, or in words that are not understood
     */
    static FrontProxy read(Map<String, String> data) throws GeneralSecurityException {
        var bundle = data.getOrDefault("requestheader-client-ca-file", "");
        if (bundle.isBlank()) {
            throw new GeneralSecurityException("requestheader-client-ca-file: missing"
                    + " (expected: an authority, which the API server's --requestheader-client-ca-file names)");
        }
        try {
            return new FrontProxy(trusting(Pem.certificates(bundle)), data);
        } catch (DecodeException | ClassCastException e) {
            throw new GeneralSecurityException("a list of extension-apiserver-authentication is none", e);
        }
    }

    /** Who asks; empty if it is not the API server that says so. */
    Optional<Caller> caller(@Nullable List<X509Certificate> chain, MultiMap fields) {
        if (chain == null || chain.isEmpty() || !known(chain)) {
            return Optional.empty();
        }
        var user = first(userFields, fields);
        if (user.isEmpty()) {
            return Optional.empty();
        }
        var groups = groupFields.stream()
                .flatMap(field -> fields.getAll(field).stream())
                .toList();
        return Optional.of(new Caller(user, first(uidFields, fields), groups, extra(fields)));
    }

    private boolean known(List<X509Certificate> chain) {
        try {
            authorities.checkClientTrusted(chain.toArray(X509Certificate[]::new), "UNKNOWN");
        } catch (CertificateException e) {
            return false;
        }
        return allowedNames.isEmpty() || allowedNames.contains(commonName(chain.getFirst()));
    }

    private static String first(List<String> names, MultiMap fields) {
        return names.stream()
                .map(fields::get)
                .filter(value -> value != null && !value.isEmpty())
                .findFirst()
                .orElse("");
    }

    private Map<String, List<String>> extra(MultiMap fields) {
        var extra = new LinkedHashMap<String, List<String>>();
        for (var field : fields) {
            var name = field.getKey().toLowerCase(Locale.ROOT);
            for (var prefix : extraPrefixes) {
                if (name.startsWith(prefix.toLowerCase(Locale.ROOT))) {
                    // Only percent signs are special; a plus is a plus.
                    var key = name.substring(prefix.length()).replace("+", "%2B");
                    extra.computeIfAbsent(URLDecoder.decode(key, StandardCharsets.UTF_8), any -> new ArrayList<>())
                            .add(field.getValue());
                }
            }
        }
        return extra;
    }

    private static String commonName(X509Certificate certificate) {
        try {
            return new LdapName(certificate.getSubjectX500Principal().getName())
                    .getRdns().stream()
                            .filter(part -> part.getType().equalsIgnoreCase("CN"))
                            .map(part -> String.valueOf(part.getValue()))
                            .findFirst()
                            .orElse("");
        } catch (InvalidNameException e) {
            return "";
        }
    }

    private static X509TrustManager trusting(List<X509Certificate> authorities) throws GeneralSecurityException {
        var store = KeyStore.getInstance("PKCS12");
        try {
            store.load(null, null);
        } catch (java.io.IOException e) {
            throw new IllegalStateException("nothing is read", e);
        }
        for (int i = 0; i < authorities.size(); i++) {
            store.setCertificateEntry("authority-" + i, authorities.get(i));
        }
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return Arrays.stream(factory.getTrustManagers())
                .filter(X509TrustManager.class::isInstance)
                .map(X509TrustManager.class::cast)
                .findFirst()
                .orElseThrow(() -> new GeneralSecurityException("no trust manager for X.509"));
    }

    private static List<String> list(Map<String, String> data, String key, List<String> otherwise) {
        var json = data.getOrDefault(key, "");
        return json.isBlank()
                ? otherwise
                : new JsonArray(json).stream().map(String.class::cast).toList();
    }
}
