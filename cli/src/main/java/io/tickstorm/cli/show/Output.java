package io.tickstorm.cli.show;

import io.tickstorm.proxy.settings.Yaml;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Forms in which an answer is given. */
public enum Output {
    TEXT,
    JSON,
    YAML;

    /** A tree of maps, lists, texts and numbers in this form. */
    public String write(Map<String, ?> tree) {
        return switch (this) {
            case YAML -> Yaml.write(plain(tree));
            case JSON, TEXT -> new JsonObject(plain(tree)).encodePrettily() + "\n";
        };
    }

    /** Vert.x has objects and arrays of its own, which a writer of YAML does not know. */
    private static Map<String, Object> plain(Map<?, ?> tree) {
        var copy = new LinkedHashMap<String, Object>();
        tree.forEach((key, value) -> copy.put(String.valueOf(key), plain(value)));
        return copy;
    }

    private static @Nullable Object plain(@Nullable Object value) {
        return switch (value) {
            case JsonObject object -> plain(object.getMap());
            case JsonArray array -> plain(array.getList());
            case Map<?, ?> map -> plain(map);
            case List<?> list -> {
                var copy = new ArrayList<Object>();
                list.forEach(item -> copy.add(plain(item)));
                yield copy;
            }
            case null, default -> value;
        };
    }
}
