package io.tickstorm.operator.crd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What {@code words.yaml} says of the proxy's words. */
final class Overlay {
    private final Map<String, Map<String, Object>> byPath = new LinkedHashMap<>();

    /** A CEL rule and what to do when it does not hold. */
    record Rule(String rule, String message) {}

    Overlay() {
        try (var file = Overlay.class.getResourceAsStream("words.yaml")) {
            ((Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromInputStream(file))
                    .forEach((path, words) -> byPath.put(path.toString(), mapping((Map<?, ?>) words)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Set<String> paths() {
        return byPath.keySet();
    }

    int number(String path, String key, int fallback) {
        return said(path).get(key) instanceof Integer number ? number : fallback;
    }

    String text(String path, String key) {
        return said(path).get(key) instanceof String text ? text : "";
    }

    boolean is(String path, String key) {
        return Boolean.TRUE.equals(said(path).get(key));
    }

    List<?> list(String path, String key) {
        return said(path).get(key) instanceof List<?> list ? list : List.of();
    }

    List<Rule> rules(String path) {
        return list(path, "rules").stream()
                .map(rule -> mapping((Map<?, ?>) rule))
                .map(rule -> new Rule(
                        rule.get("rule").toString(), rule.get("message").toString()))
                .toList();
    }

    private Map<String, Object> said(String path) {
        return byPath.getOrDefault(path, Map.of());
    }

    private static Map<String, Object> mapping(Map<?, ?> words) {
        var mapping = new LinkedHashMap<String, Object>();
        words.forEach((key, value) -> mapping.put(key.toString(), value));
        return mapping;
    }
}
