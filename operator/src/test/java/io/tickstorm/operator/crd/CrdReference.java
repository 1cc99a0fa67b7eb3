package io.tickstorm.operator.crd;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The reference page of the resource: every field with its type, its default and what it means. */
final class CrdReference {
    private CrdReference() {}

    record Field(String path, String type, String preset, String description) {}

    static List<Field> fields(Map<String, Object> tree) {
        var version = (Map<?, ?>) ((List<?>) map(tree.get("spec")).get("versions")).getFirst();
        var root = map(map(version.get("schema")).get("openAPIV3Schema"));
        var fields = new ArrayList<Field>();
        collect("", root, fields);
        return fields;
    }

    static String markdown(Map<String, Object> tree) {
        var fields = fields(tree);
        return """
                # TickStormCluster

                `apiVersion: tickstorm.io/v1alpha1`, short name `tsc`. Every field is optional unless it says *required*; an empty `spec` is a whole cluster.
                Durations are [Gateway API](https://gateway-api.sigs.k8s.io/geps/gep-2257/) strings (`250ms`, `5s`, `1m30s`), sizes are Kubernetes quantities (`64Ki`).
                Under `loadBalancer`, what is said to listeners, to backends and to the proxies themselves is said in the [proxy's own words](configuration.md), and judged by the proxy's own
                reader. Where the proxy reads files, a Secret of the namespace is named. Addresses and ports of the proxies, and where their files are, the operator decides.

                `balancing`, `healthCheck` and the other sections beside `listeners` are of all ports of `spec.backend`. An entry of `backends` with the name of a port says what is different for it, section
                by section; one with another name and a `discovery` is a backend of its own, which listeners and routes may name, with the proxy's defaults for what it does not say.
                `kubectl explain tsc.spec --recursive` says the same.

                <!-- Generated from io.tickstorm.operator.crd by: make crd -->

                ## spec

                """ + table(fields, "spec.") + "\n## status\n\n" + table(fields, "status.");
    }

    private static String table(List<Field> fields, String prefix) {
        var rows = fields.stream()
                .filter(field -> field.path().startsWith(prefix))
                .map(field -> "| `%s` | %s | %s | %s |"
                        .formatted(
                                field.path().substring(prefix.length()),
                                field.type(),
                                field.preset(),
                                field.description().replace("|", "\\|")))
                .collect(Collectors.joining("\n"));
        return "| field | type | default | meaning |\n|---|---|---|---|\n" + rows + "\n";
    }

    private static void collect(String path, Map<?, ?> schema, List<Field> into) {
        if (schema.get("properties") instanceof Map<?, ?> properties) {
            var required = schema.get("required") instanceof List<?> names ? names : List.of();
            properties.forEach((name, child) -> {
                var property = map(child);
                var childPath = path.isEmpty() ? name.toString() : path + "." + name;
                if (!path.isEmpty()) {
                    into.add(new Field(
                            childPath,
                            type(property),
                            preset(property, required.contains(name)),
                            description(property)));
                }
                collect(childPath, property, into);
            });
        }
        if (schema.get("items") instanceof Map<?, ?> items) {
            collect(path + "[]", items, into);
        }
    }

    private static String type(Map<?, ?> schema) {
        if (schema.get("enum") instanceof List<?> words) {
            return words.stream().map(word -> "`" + word + "`").collect(Collectors.joining(", "));
        }
        if (Boolean.TRUE.equals(schema.get("x-kubernetes-int-or-string"))) {
            return "integer or string";
        }
        if (schema.get("additionalProperties") instanceof Map<?, ?> values) {
            return "map of " + type(values);
        }
        if (schema.get("items") instanceof Map<?, ?> items) {
            return "list of " + type(items);
        }
        var range = schema.get("minimum") == null ? "" : " " + schema.get("minimum") + " to " + schema.get("maximum");
        return schema.get("type") + range;
    }

    private static String preset(Map<?, ?> schema, boolean required) {
        if (required) {
            return "*required*";
        }
        var preset = schema.get("default");
        return preset == null || preset instanceof Map ? "" : "`" + preset + "`";
    }

    private static String description(Map<?, ?> schema) {
        return schema.get("description") instanceof String text ? text : "";
    }

    private static Map<?, ?> map(Object value) {
        return (Map<?, ?>) value;
    }
}
