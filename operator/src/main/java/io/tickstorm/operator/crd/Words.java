package io.tickstorm.operator.crd;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Settings of the proxy as the resource says them: mappings, lists, texts, numbers and booleans, without what is null. */
final class Words {
    private Words() {}

    /** Immutable all the way down. */
    static Map<String, Object> of(@Nullable Map<String, ?> words) {
        return words == null ? Map.of() : mapping(words);
    }

    private static Map<String, Object> mapping(Map<?, ?> words) {
        var copy = new LinkedHashMap<String, Object>();
        words.forEach((key, value) -> {
            if (value != null) {
                copy.put(String.valueOf(key), value(value));
            }
        });
        return Collections.unmodifiableMap(copy);
    }

    private static Object value(Object value) {
        return switch (value) {
            case Map<?, ?> mapping -> mapping(mapping);
            case List<?> list ->
                list.stream().filter(Objects::nonNull).map(Words::value).toList();
            default -> value;
        };
    }
}
