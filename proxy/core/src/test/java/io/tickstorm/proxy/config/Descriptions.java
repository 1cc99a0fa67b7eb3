package io.tickstorm.proxy.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What {@code settings.yaml} says about keys of the configuration. */
final class Descriptions {
    private static final Description NONE = new Description("", "", "");

    private final Map<String, Description> byPath = new LinkedHashMap<>();

    /**
     * @param preset stands in for the default that the reader told; empty = as told
     * @param range stands in for the range that the reader told; empty = as told
     */
    record Description(String meaning, String preset, String range) {}

    /** @param yaml what the file says */
    Descriptions(String yaml) {
        var settings = LoadSettings.builder().build();
        ((Map<?, ?>) new Load(settings).loadFromString(yaml))
                .forEach((path, value) -> byPath.put(path.toString(), description(value)));
    }

    Set<String> paths() {
        return byPath.keySet();
    }

    /** Empty texts for a key of which nothing is said. */
    Description of(String path) {
        return byPath.getOrDefault(path, NONE);
    }

    private static Description description(Object value) {
        return value instanceof Map<?, ?> map
                ? new Description(text(map, "meaning"), text(map, "default"), text(map, "range"))
                : new Description(value.toString(), "", "");
    }

    private static String text(Map<?, ?> map, String key) {
        var value = map.get(key);
        return value == null ? "" : value.toString();
    }
}
