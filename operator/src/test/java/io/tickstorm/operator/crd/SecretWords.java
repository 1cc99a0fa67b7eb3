package io.tickstorm.operator.crd;

import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaPropsBuilder;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The words that stand for the proxy's files: each names a Secret of the cluster's namespace. */
final class SecretWords {
    private static final String NAME = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";
    private static final String TLS_SECRET = "Of type kubernetes.io/tls (tls.crt, tls.key), in this namespace.";

    private static final List<Word> ALL = List.of(
            new Word(
                    "listeners[].tls.certificates[]",
                    "secret",
                    "Name of the Secret with the certificate, the intermediate ones after it, and its key. "
                            + TLS_SECRET,
                    ""),
            new Word(
                    "listeners[].tls",
                    "clientCaSecret",
                    "Who may have signed the certificates of clients, PEM. Goes with clientAuthentication: OPTIONAL or REQUIRED.",
                    "ca.crt"),
            new Word(
                    "backends[].stickiness",
                    "secret",
                    "What cookies are signed with, the same for all proxies: a line of 16 characters or more; further lines are recognised, so that one can replace another. With type: Cookie only, which needs it.",
                    "secret"),
            new Word(
                    "backends[].tls",
                    "caSecret",
                    "Who may have signed the certificates of endpoints, PEM. Left out: whom the JDK trusts.",
                    "ca.crt"),
            new Word(
                    "backends[].tls",
                    "certificateSecret",
                    "Name of the Secret with what proxies show to endpoints that ask. Left out: nothing. " + TLS_SECRET,
                    ""),
            new Word(
                    "admin",
                    "tokenSecret",
                    "The token that whoever changes something has to show. Left out: who reaches the port, by kubectl port-forward or in the pod, may change things.",
                    "token"));

    private SecretWords() {}

    /** @param usualKey the key of the Secret if none is named; empty: the whole Secret is meant, by its name */
    private record Word(String path, String name, String description, String usualKey) {
        JSONSchemaProps schema() {
            if (usualKey.isEmpty()) {
                return name(description);
            }
            return new JSONSchemaPropsBuilder()
                    .withType("object")
                    .withDescription(description)
                    .addToProperties("name", name("Name of the Secret, in this namespace."))
                    .addToProperties(
                            "key",
                            new JSONSchemaPropsBuilder()
                                    .withType("string")
                                    .withDescription("Key of the Secret. Left out: " + usualKey + ".")
                                    .withPattern("^[-._a-zA-Z0-9]+$")
                                    .withMinLength(1L)
                                    .withMaxLength(253L)
                                    .build())
                    .withRequired("name")
                    .build();
        }

        private static JSONSchemaProps name(String description) {
            return new JSONSchemaPropsBuilder()
                    .withType("string")
                    .withDescription(description)
                    .withPattern(NAME)
                    .withMinLength(1L)
                    .withMaxLength(253L)
                    .build();
        }
    }

    static boolean in(String path) {
        return ALL.stream().anyMatch(word -> word.path().equals(path));
    }

    static void into(Map<String, JSONSchemaProps> properties, String path) {
        ALL.stream()
                .filter(word -> word.path().equals(path))
                .forEach(word -> properties.put(word.name(), word.schema()));
    }

    /** Those that must be there. */
    static Stream<String> required(String path) {
        return path.equals("listeners[].tls.certificates[]") ? Stream.of("secret") : Stream.empty();
    }
}
