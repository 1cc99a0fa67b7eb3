package io.tickstorm.operator.install;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The chart's values.schema.json, as far as tests and documentation ask it. */
final class ValuesSchema {
    private final Map<String, @Nullable Object> schema = Manifest.all(
                    Manifest.file("helm/tickstorm/values.schema.json"))
            .getFirst()
            .tree();

    /** A value that can be set, such as {@code image.tag}. A mapping whose keys are the user's own is one value. */
    record Value(String path, Map<String, @Nullable Object> schema) {
        String description() {
            return String.valueOf(schema.get("description"));
        }

        /** Its JSON type or types; a closed list of words has none. */
        String type() {
            return schema.containsKey("enum") ? "enum" : String.valueOf(schema.get("type"));
        }
    }

    /** All values, in the order of the file. */
    List<Value> values() {
        var values = new ArrayList<Value>();
        collect("", schema, values);
        return values;
    }

    /** The mappings whose keys are the chart's, the one of all values (empty path) first. */
    List<Value> sections() {
        var sections = new ArrayList<Value>();
        sections("", schema, sections);
        return sections;
    }

    private void collect(String path, Map<String, @Nullable Object> node, List<Value> values) {
        for (var property : Manifest.map(node.get("properties")).entrySet()) {
            var child = resolved(Manifest.map(property.getValue()));
            var childPath = path + property.getKey();
            if (child.containsKey("properties")) {
                collect(childPath + '.', child, values);
            } else {
                values.add(new Value(childPath, child));
            }
        }
    }

    private void sections(String path, Map<String, @Nullable Object> node, List<Value> sections) {
        sections.add(new Value(path, node));
        for (var property : Manifest.map(node.get("properties")).entrySet()) {
            var child = resolved(Manifest.map(property.getValue()));
            if (child.containsKey("properties")) {
                sections(path.isEmpty() ? property.getKey() : path + '.' + property.getKey(), child, sections);
            }
        }
    }

    /** With what it refers to; its own words count more. */
    private Map<String, @Nullable Object> resolved(Map<String, @Nullable Object> node) {
        if (!(node.get("$ref") instanceof String reference)) {
            return node;
        }
        var name = reference.substring("#/definitions/".length());
        var merged = new LinkedHashMap<String, @Nullable Object>(
                Manifest.map(Manifest.map(schema.get("definitions")).get(name)));
        merged.putAll(node);
        return merged;
    }
}
