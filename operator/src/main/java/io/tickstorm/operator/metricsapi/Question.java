package io.tickstorm.operator.metricsapi;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** What a path asks for. */
sealed interface Question {
    String GROUP = "custom.metrics.k8s.io";

    /** Least preferred first. */
    List<String> VERSIONS = List.of("v1beta1", "v1beta2");

    /** Which versions there are. */
    record Group() implements Question {}

    /** Which metrics a version has. */
    record Resources(String version) implements Question {}

    /**
     * The value of a metric.
     *
     * @param namespace empty for objects outside namespaces
     * @param resource in the plural, such as pods
     * @param object a name, or * for all that the selector picks
     */
    record Metric(String version, String namespace, String resource, String object, String metric)
            implements Question {}

    /** What there is, in OpenAPI 2. */
    record Documentation() implements Question {}

    /** For which versions there is a description in OpenAPI 3. */
    record Descriptions() implements Question {}

    /** The description of a version. */
    record Description(String version) implements Question {}

    /** Something that we do not have. */
    record Nothing() implements Question {}

    /** Whether it is for what everybody may know. */
    default boolean documents() {
        return this instanceof Documentation || this instanceof Descriptions || this instanceof Description;
    }

    /** @param path as it was sent, with its percent signs */
    static Question of(String path) {
        if (path.startsWith("/openapi/")) {
            return documentation(path);
        }
        var parts = Arrays.stream(path.split("/", -1)).map(Question::decoded).toList();
        if (parts.size() < 3
                || !parts.get(0).isEmpty()
                || !parts.get(1).equals("apis")
                || !parts.get(2).equals(GROUP)) {
            return new Nothing();
        }
        var rest = parts.subList(3, parts.size());
        if (rest.isEmpty()) {
            return new Group();
        }
        var version = rest.getFirst();
        if (!VERSIONS.contains(version) || rest.contains("")) {
            return new Nothing();
        }
        return switch (rest.size()) {
            case 1 -> new Resources(version);
            case 4 -> new Metric(version, "", rest.get(1), rest.get(2), rest.get(3));
            case 6 ->
                rest.get(1).equals("namespaces")
                        ? new Metric(version, rest.get(2), rest.get(3), rest.get(4), rest.get(5))
                        : new Nothing();
            default -> new Nothing();
        };
    }

    private static Question documentation(String path) {
        return switch (path) {
            case "/openapi/v2" -> new Documentation();
            case "/openapi/v3" -> new Descriptions();
            default ->
                VERSIONS.stream()
                        .filter(version -> path.equals(description(version)))
                        .<Question>map(Description::new)
                        .findFirst()
                        .orElseGet(Nothing::new);
        };
    }

    /** Where the description of a version is. */
    static String description(String version) {
        return "/openapi/v3/apis/" + GROUP + "/" + version;
    }

    private static String decoded(String part) {
        try {
            // In a path only percent signs are special; a plus is a plus.
            return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
