package io.tickstorm.proxy.settings;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A value as it was written, before anybody says what it should be. {@code line} is 0 if there is no text. */
sealed interface Value {

    int line();

    /** The line of what is at a path below this value, such as {@code [0].port} or {@code .port}; 0 if nothing is there. */
    default int lineOf(String path) {
        return 0;
    }

    /** What the value is, for messages about values of the wrong shape. */
    String shown();

    /** A scalar; {@code text} is what was written, {@code kind} what YAML takes it for. */
    record Scalar(String text, Kind kind, int line) implements Value {
        enum Kind {
            TEXT,
            INTEGER,
            DECIMAL,
            BOOLEAN,
            NULL
        }

        @Override
        public String shown() {
            return kind == Kind.TEXT ? '"' + text + '"' : text.isEmpty() ? "nothing" : text;
        }
    }

    record Sequence(List<Value> items, int line) implements Value {
        @Override
        public String shown() {
            return "a list";
        }

        @Override
        public int lineOf(String path) {
            int end = path.indexOf(']');
            if (!path.matches("\\[[0-9]{1,9}].*")) {
                return 0;
            }
            int index = Integer.parseInt(path.substring(1, end));
            return index < items.size()
                    ? Math.max(items.get(index).line(), items.get(index).lineOf(path.substring(end + 1)))
                    : 0;
        }
    }

    /** Entries in the order of the text; a key may be there twice. */
    record Mapping(List<Entry> entries, int line) implements Value {
        record Entry(String key, int line, Value value) {}

        @Override
        public String shown() {
            return "a mapping";
        }

        @Override
        public int lineOf(String path) {
            for (var entry : entries) {
                var step = '.' + entry.key();
                var rest = path.startsWith(step) ? path.substring(step.length()) : "?";
                if (rest.isEmpty() || rest.startsWith(".") || rest.startsWith("[")) {
                    return Math.max(entry.line(), entry.value().lineOf(rest));
                }
            }
            return 0;
        }
    }

    /** A value that is not there, or null: both mean that the default applies. */
    default boolean isNull() {
        return this instanceof Scalar scalar && scalar.kind() == Scalar.Kind.NULL;
    }

    /** Takes over values that a JSON or YAML library has made: maps, collections, strings, numbers, booleans, null. */
    static Value of(@Nullable Object object) {
        return switch (object) {
            case null -> new Scalar("", Scalar.Kind.NULL, 0);
            case Map<?, ?> map -> {
                var entries = new ArrayList<Mapping.Entry>(map.size());
                map.forEach((key, value) -> entries.add(new Mapping.Entry(String.valueOf(key), 0, of(value))));
                yield new Mapping(List.copyOf(entries), 0);
            }
            case Collection<?> items ->
                new Sequence(items.stream().map(Value::of).toList(), 0);
            case Boolean flag -> new Scalar(flag.toString(), Scalar.Kind.BOOLEAN, 0);
            case Double number -> new Scalar(number.toString(), Scalar.Kind.DECIMAL, 0);
            case Float number -> new Scalar(number.toString(), Scalar.Kind.DECIMAL, 0);
            case Number number -> new Scalar(number.toString(), Scalar.Kind.INTEGER, 0);
            case CharSequence text -> new Scalar(text.toString(), Scalar.Kind.TEXT, 0);
            case Enum<?> constant -> new Scalar(constant.toString(), Scalar.Kind.TEXT, 0);
            default ->
                throw new IllegalArgumentException(object.getClass().getName()
                        + " (expected: a map, collection, string, number, boolean or null)");
        };
    }
}
