package io.tickstorm.operator.reconcile;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where two objects differ, as paths that a person reads. */
final class Differences {
    private static final int MOST = 3;

    private Differences() {}

    /** Such as {@code spec.replicas}; the first ones, and whether there are more. Empty if there are none. */
    static String between(Look before, Look after) {
        var paths = new ArrayList<String>();
        collect("", before.fields(), after.fields(), paths);
        return paths.size() <= MOST
                ? String.join(", ", paths)
                : String.join(", ", paths.subList(0, MOST)) + " and " + (paths.size() - MOST) + " more";
    }

    private static void collect(String path, Object before, Object after, List<String> into) {
        switch (before) {
            case Map<?, ?> one
            when after instanceof Map<?, ?> other -> {
                for (var key : one.keySet()) {
                    step(path.isEmpty() ? key.toString() : path + "." + key, one.get(key), other.get(key), into);
                }
                for (var key : other.keySet()) {
                    if (!one.containsKey(key)) {
                        into.add(path.isEmpty() ? key.toString() : path + "." + key);
                    }
                }
            }
            case List<?> one
            when after instanceof List<?> other && one.size() == other.size() -> {
                for (int i = 0; i < one.size(); i++) {
                    step(path + "[" + i + "]", one.get(i), other.get(i), into);
                }
            }
            default -> into.add(path);
        }
    }

    private static void step(String path, @Nullable Object before, @Nullable Object after, List<String> into) {
        if (Objects.equals(before, after)) {
            return;
        }
        if (before == null || after == null) {
            into.add(path);
        } else {
            collect(path, before, after, into);
        }
    }
}
