package io.tickstorm.operator.desired;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What the resource says by Secret and the proxy by file: references become paths of files, and are remembered, to be mounted. No Secret is read here.
 * Form is judged here, because the proxy's reader sees only paths.
 */
final class SecretFiles {
    /** Where the Secrets of a proxy are mounted, each in a folder of its name. */
    static final String FOLDER = "/etc/tickstorm-secrets";

    // RFC 1123 subdomain; keys after the validation of Secrets
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");
    private static final Pattern KEY = Pattern.compile("[-._a-zA-Z0-9]{1,253}");
    private static final String MISSING_CERTIFICATE =
            "missing (expected: the name of a Secret of type kubernetes.io/tls)";
    private static final String CERTIFICATE = "tls.crt";
    private static final String PRIVATE_KEY = "tls.key";

    private final Origins origins;
    private final SortedMap<String, SortedSet<String>> keys = new TreeMap<>();

    SecretFiles(Origins origins) {
        this.origins = origins;
    }

    /** The keys that are used, by the names of their Secrets. */
    SortedMap<String, SortedSet<String>> keys() {
        return keys;
    }

    /** @param words of a listener, changed in place */
    void ofListener(Map<String, Object> words, String path) {
        replace(words, "tls", path, (tls, at) -> {
            if (tls.get("certificates") instanceof List<?> certificates) {
                var files = new ArrayList<Object>();
                for (var certificate : certificates) {
                    files.add(certificate(certificate, at + ".certificates[" + files.size() + "]"));
                }
                tls.put("certificates", files);
            }
            key(tls, "clientCaSecret", "ca.crt", "clientCaFile", at);
        });
    }

    /** @param words of a backend, changed in place */
    void ofBackend(Map<String, Object> words, String path) {
        replace(words, "tls", path, (tls, at) -> {
            key(tls, "caSecret", "ca.crt", "caFile", at);
            identity(tls, "certificateSecret", at);
        });
        replace(words, "stickiness", path, (sticky, at) -> key(sticky, "secret", "secret", "secretFile", at));
    }

    /** @param admin the section of that name, changed in place */
    void ofAdmin(Map<String, Object> admin) {
        key(admin, "tokenSecret", "token", "tokenFile", "admin");
    }

    private Object certificate(Object certificate, String at) {
        if (!(certificate instanceof Map<?, ?> words)) {
            return certificate;
        }
        var files = mapping(words);
        if (!files.containsKey("secret")) {
            origins.put(at + ".certificateFile", "secret", MISSING_CERTIFICATE);
            origins.put(at + ".keyFile", "secret", MISSING_CERTIFICATE);
        }
        identity(files, "secret", at);
        return files;
    }

    private void identity(Map<String, Object> words, String reference, String at) {
        var name = words.remove(reference);
        if (name == null) {
            return;
        }
        origins.put(at + ".certificateFile", reference, MISSING_CERTIFICATE);
        origins.put(at + ".keyFile", reference, MISSING_CERTIFICATE);
        words.put("certificateFile", file(name, CERTIFICATE, at + "." + reference));
        words.put("keyFile", file(name, PRIVATE_KEY, at + "." + reference));
    }

    private void key(Map<String, Object> words, String reference, String usual, String file, String at) {
        var given = words.remove(reference);
        origins.put(at + "." + file, reference, "missing (expected: {name: NAME, key: KEY}, where the Secret has it)");
        if (given == null) {
            return;
        }
        if (given instanceof Map<?, ?> selector) {
            for (var key : selector.keySet()) {
                if (!List.of("name", "key").contains(key)) {
                    origins.problem(at + "." + reference + "." + key, "unknown key (expected: name, key)");
                }
            }
            var name = Objects.requireNonNullElse(selector.get("name"), "");
            words.put(file, file(name, Objects.requireNonNullElse(selector.get("key"), usual), at + "." + reference));
        } else {
            origins.problem(at + "." + reference, given + " (expected: a mapping, {name: NAME, key: KEY})");
            words.put(file, "unknown");
        }
    }

    private String file(Object name, Object key, String at) {
        if (!(name instanceof String text) || !NAME.matcher(text).matches()) {
            origins.problem(at, '"' + String.valueOf(name) + "\" (expected: the name of a Secret)");
            return "unknown";
        }
        if (!(key instanceof String word) || !KEY.matcher(word).matches()) {
            origins.problem(at + ".key", '"' + String.valueOf(key) + "\" (expected: a key of the Secret)");
            return "unknown";
        }
        keys.computeIfAbsent(text, secret -> new TreeSet<>()).add(word);
        return FOLDER + "/" + text + "/" + word;
    }

    private interface Replacement {
        void in(Map<String, Object> section, String path);
    }

    private static void replace(Map<String, Object> words, String key, String path, Replacement replacement) {
        if (words.get(key) instanceof Map<?, ?> section) {
            var changed = mapping(section);
            replacement.in(changed, path + "." + key);
            words.put(key, changed);
        }
    }

    private static Map<String, Object> mapping(Map<?, ?> words) {
        var copy = new LinkedHashMap<String, Object>();
        words.forEach((key, value) -> copy.put(String.valueOf(key), value));
        return copy;
    }
}
