package io.tickstorm.proxy.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What has to be done to a list of things with names so that it becomes another. Immutable.
 *
 * @param removed names of those that are not there any more
 * @param changed those that say something else than the one of their name before, by name
 * @param added those of new names, by name
 * @param order all names that are there afterwards
 */
public record Changes<T>(
        List<String> removed, SequencedMap<String, T> changed, SequencedMap<String, T> added, List<String> order) {
    public Changes {
        removed = List.copyOf(removed);
        changed = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(changed));
        added = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(added));
        order = List.copyOf(order);
    }

    /** @param name unique in each of the lists */
    static <T> Changes<T> between(List<T> before, List<T> after, Function<T, String> name) {
        var old = byName(before, name);
        var fresh = byName(after, name);
        var changed = new LinkedHashMap<String, T>();
        var added = new LinkedHashMap<String, T>();
        fresh.forEach((key, value) -> {
            if (!old.containsKey(key)) {
                added.put(key, value);
            } else if (!value.equals(old.get(key))) {
                changed.put(key, value);
            }
        });
        var removed =
                old.keySet().stream().filter(key -> !fresh.containsKey(key)).toList();
        return new Changes<>(removed, changed, added, List.copyOf(fresh.keySet()));
    }

    /** @throws IllegalArgumentException if one is not there that was when the two lists were compared */
    List<T> apply(List<T> before, Function<T, String> name) {
        var all = byName(before, name);
        all.keySet().removeAll(removed);
        all.putAll(changed);
        all.putAll(added);
        var after = new ArrayList<T>(order.size());
        for (var key : order) {
            var value = all.get(key);
            if (value == null) {
                throw new IllegalArgumentException(key + " (expected: one of " + all.keySet() + ")");
            }
            after.add(value);
        }
        return after;
    }

    /** What is there afterwards and was not, or said something else. */
    public List<T> fresh() {
        return Stream.concat(changed.values().stream(), added.values().stream()).toList();
    }

    /** Whether nothing has to be done, but perhaps to put them in another order. */
    public boolean isEmpty() {
        return removed.isEmpty() && changed.isEmpty() && added.isEmpty();
    }

    /** For the log: {@code +added ~changed -removed}. */
    @Override
    public String toString() {
        var parts = new ArrayList<String>();
        added.keySet().forEach(name -> parts.add('+' + name));
        changed.keySet().forEach(name -> parts.add('~' + name));
        removed.forEach(name -> parts.add('-' + name));
        return parts.isEmpty() ? "unchanged" : String.join(" ", parts);
    }

    private static <T> Map<String, T> byName(List<T> values, Function<T, String> name) {
        var map = new LinkedHashMap<String, T>();
        values.forEach(value -> map.put(name.apply(value), value));
        return map;
    }
}
