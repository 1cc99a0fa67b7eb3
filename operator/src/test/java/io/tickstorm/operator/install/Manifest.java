package io.tickstorm.operator.install;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** One object of a manifest, as maps, lists and values. */
record Manifest(Map<String, @Nullable Object> tree) {
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /** The objects of a text with any number of documents, ordered by kind and name. */
    static List<Manifest> all(String yaml) {
        return StreamSupport.stream(
                        new Load(LoadSettings.builder().build())
                                .loadAllFromString(yaml)
                                .spliterator(),
                        false)
                .filter(document -> document != null)
                .map(document -> new Manifest(map(document)))
                .sorted(Comparator.comparing(Manifest::id))
                .toList();
    }

    /** A file of the repository. */
    static String file(String path) {
        try {
            return Files.readString(ROOT.resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("unchecked")
    static Map<String, @Nullable Object> map(@Nullable Object node) {
        if (node instanceof Map) {
            return (Map<String, @Nullable Object>) node;
        }
        throw new AssertionError(node + " (expected: a mapping)");
    }

    static List<?> list(@Nullable Object node) {
        if (node instanceof List<?> list) {
            return list;
        }
        throw new AssertionError(node + " (expected: a list)");
    }

    String kind() {
        return String.valueOf(tree.get("kind"));
    }

    String name() {
        return String.valueOf(at("metadata.name"));
    }

    /** Kind and name, and the namespace where there is one: no two objects of an installation have the same. */
    String id() {
        var namespace = at("metadata.namespace");
        return kind() + '/' + name() + (namespace == null ? "" : " in " + namespace);
    }

    /** Of Helm: when the object is made, if it is not a part of the release. */
    @Nullable
    Object hook() {
        return at("metadata.annotations") instanceof Map<?, ?> annotations ? annotations.get("helm.sh/hook") : null;
    }

    /** What is at a path such as {@code spec.containers.0.image}; null if nothing is. */
    @Nullable
    Object at(String path) {
        Object node = tree;
        for (var step : path.split("\\.")) {
            if (node instanceof Map<?, ?> map) {
                node = map.get(step);
            } else if (node instanceof List<?> list) {
                int index = Integer.parseInt(step);
                node = index < list.size() ? list.get(index) : null;
            } else {
                return null;
            }
        }
        return node;
    }

    /** Every value of the object by its path, in order. */
    List<String> leaves() {
        var leaves = new ArrayList<String>();
        collect("", tree, leaves);
        return leaves;
    }

    private static void collect(String path, @Nullable Object node, List<String> leaves) {
        if (node instanceof Map<?, ?> map && !map.isEmpty()) {
            map.entrySet().stream()
                    .sorted(Comparator.comparing(entry -> String.valueOf(entry.getKey())))
                    .forEach(entry -> collect(path + '.' + entry.getKey(), entry.getValue(), leaves));
        } else if (node instanceof List<?> list && !list.isEmpty()) {
            for (int i = 0; i < list.size(); i++) {
                collect(path + '.' + i, list.get(i), leaves);
            }
        } else {
            leaves.add(path.substring(1) + ": " + node);
        }
    }
}
