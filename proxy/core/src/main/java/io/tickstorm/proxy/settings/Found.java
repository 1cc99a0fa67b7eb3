package io.tickstorm.proxy.settings;

import io.tickstorm.proxy.settings.Value.Mapping;
import io.tickstorm.proxy.settings.Value.Scalar;
import io.tickstorm.proxy.settings.Value.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A value and where it stands. A reading of it gives null, and adds a problem, if the value is not of that kind.
 *
 * @param at the path
 */
record Found(Value value, String at, Problems problems) {
    <T> @Nullable T parsed(Syntax<T> syntax) {
        if (value instanceof Scalar scalar
                && (scalar.kind() == Scalar.Kind.TEXT || (syntax.numbers() && scalar.kind() == Scalar.Kind.INTEGER))) {
            var meaning = syntax.parse().apply(scalar.text());
            if (meaning != null) {
                return meaning;
            }
        }
        wrong(value.shown(), syntax.expected());
        return null;
    }

    @Nullable
    Mapping mapping() {
        if (value instanceof Mapping mapping) {
            return mapping;
        }
        wrong(value.shown(), "a mapping");
        return null;
    }

    /**
     * What the items of a list mean, without those that are wrong.
     *
     * @param at the path of the list
     */
    static <T> List<T> items(
            Sequence list, String at, Problems problems, String expected, Function<Found, @Nullable T> reader) {
        var items = new ArrayList<T>();
        for (int i = 0; i < list.items().size(); i++) {
            var item = new Found(list.items().get(i), at + '[' + i + ']', problems);
            if (item.value().isNull()) {
                item.wrong("nothing", expected);
                continue;
            }
            var read = reader.apply(item);
            if (read != null) {
                items.add(read);
            }
        }
        return List.copyOf(items);
    }

    private void wrong(String shown, String expected) {
        problems.add(at, value.line(), shown + " (expected: " + expected + ")");
    }
}
