package io.tickstorm.proxy.settings;

import io.tickstorm.proxy.settings.Key.Shape;
import io.tickstorm.proxy.settings.Value.Mapping;
import io.tickstorm.proxy.settings.Value.Scalar;
import io.tickstorm.proxy.settings.Value.Sequence;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A mapping that is read key by key. Reading never fails: what is missing or wrong becomes a {@link Problem} and the
 * reader goes on with a stand-in (the default, or the lowest value), so that one pass finds everything. A value that was
 * built from a section may only be used if {@link #problems()} is empty.
 *
 * <p>A key without a value ({@code key:} or null) counts as absent. Sections that are read through {@link #section},
 * {@link #optionalSection} and {@link #list} report their unknown keys by themselves; whoever made a section with
 * {@link #of} or {@link Yaml#read} calls {@link #end()}. For one thread.
 */
public final class Section {
    private static final Pattern STEP = Pattern.compile("(?=[.\\[])");

    private final String path;
    private final int line;
    private final Problems problems;
    private final @Nullable Recorder recorder;
    private final Map<String, Mapping.Entry> entries = new LinkedHashMap<>();
    private final Set<String> known = new LinkedHashSet<>();

    Section(Mapping mapping, String path, Problems problems) {
        this(mapping, path, problems, null);
    }

    private Section(Mapping mapping, String path, Problems problems, @Nullable Recorder recorder) {
        this.path = path;
        this.line = mapping.line();
        this.problems = problems;
        this.recorder = recorder;
        for (var entry : mapping.entries()) {
            var first = entries.putIfAbsent(entry.key(), entry);
            if (first != null) {
                problems.add(at(entry.key()), entry.line(), "given twice (first in line " + first.line() + ")");
            }
        }
    }

    /**
     * Values that another library has read, for example a custom resource.
     *
     * @param values maps, collections, strings, numbers, booleans, null
     * @param path what the paths of problems begin with, for example {@code spec.loadBalancer}; may be empty
     * @throws IllegalArgumentException if a value is of any other type
     */
    public static Section of(Map<String, ?> values, String path, Problems problems) {
        return new Section((Mapping) Value.of(values), path, problems);
    }

    /** An empty section whose reader is followed; what was read from it, and its problems, mean nothing. */
    public static Section recorded(Recorder recorder) {
        return new Section(new Mapping(List.of(), 0), "", new Problems(""), recorder);
    }

    public String path() {
        return path;
    }

    public Problems problems() {
        return problems;
    }

    /** Whether it has no key at all. */
    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /** The keys that are there, for a mapping whose keys are names that others choose; in the order of the text. */
    public Set<String> keys() {
        return Collections.unmodifiableSet(entries.keySet());
    }

    /**
     * The line of what stands at a path below this section, or of the nearest part around it that is there; 0 if there is no text.
     *
     * @param below as problems have it, without {@link #path()}: {@code listeners[0].port}
     */
    public int lineOf(String below) {
        var key = below.isEmpty() ? "" : STEP.split(below, 2)[0];
        var entry = entries.get(key);
        return entry == null ? line : Math.max(entry.line(), entry.value().lineOf(below.substring(key.length())));
    }

    /** Whether the key is there and has a value. */
    public boolean has(String key) {
        return value(key) != null || (recorder != null && recorder.present(at(key)));
    }

    /** A text that must be there; empty if it is not. */
    public String text(String key, Syntax<String> syntax) {
        asked(key, Shape.TEXT, syntax.expected());
        var read = required(key, syntax.expected()) ? parsed(key, syntax) : null;
        return read == null ? "" : read;
    }

    /** What a text means; {@code fallback} if it is absent. */
    public <T> T text(String key, Syntax<T> syntax, T fallback) {
        asked(key, Shape.TEXT, syntax.expected(), String.valueOf(fallback));
        var read = parsed(key, syntax);
        return read == null ? fallback : read;
    }

    /** What a text means; null if it is absent. */
    public <T> @Nullable T optionalText(String key, Syntax<T> syntax) {
        asked(key, Shape.TEXT, syntax.expected(), null);
        return parsed(key, syntax);
    }

    /** An integer that must be there; {@code min} if it is not. */
    public int integer(String key, int min, int max) {
        asked(key, Shape.INTEGER, min + ".." + max);
        return required(key, min + ".." + max) ? number(key, min, max, min) : min;
    }

    public int integer(String key, int min, int max, int fallback) {
        asked(key, Shape.INTEGER, min + ".." + max, Integer.toString(fallback));
        return number(key, min, max, fallback);
    }

    private int number(String key, int min, int max, int fallback) {
        var scalar = scalar(key, Scalar.Kind.INTEGER, min + ".." + max);
        if (scalar == null) {
            return fallback;
        }
        try {
            int number = Integer.parseInt(scalar.text());
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException tooLarge) {
            // Reported below: whatever has too many digits is out of range, too.
        }
        problem(key, scalar.text() + " (expected: " + min + ".." + max + ")");
        return fallback;
    }

    public boolean bool(String key, boolean fallback) {
        asked(key, Shape.BOOLEAN, "true or false", Boolean.toString(fallback));
        var scalar = scalar(key, Scalar.Kind.BOOLEAN, "true or false");
        return scalar == null ? fallback : Boolean.parseBoolean(scalar.text());
    }

    /** A duration as {@link Durations} has it. */
    public Duration duration(String key, Duration min, Duration max, Duration fallback) {
        var range = Durations.format(min) + ".." + Durations.format(max);
        asked(key, Shape.DURATION, range, Durations.format(fallback));
        var read = parsed(key, new Syntax<>("a duration such as 5s, 1m30s or 250ms", Durations::parse));
        if (read == null) {
            return fallback;
        }
        if (read.compareTo(min) < 0 || read.compareTo(max) > 0) {
            problem(key, Durations.format(read) + " (expected: " + range + ")");
            return fallback;
        }
        return read;
    }

    /** A number of bytes as {@link Sizes} has it, or a plain integer. */
    public long size(String key, long min, long max, long fallback) {
        var range = Sizes.format(min) + ".." + Sizes.format(max);
        asked(key, Shape.SIZE, range, Sizes.format(fallback));
        var value = value(key);
        if (value == null) {
            return fallback;
        }
        var bytes = value instanceof Scalar scalar ? Sizes.parse(scalar.text()) : null;
        if (bytes == null) {
            problem(key, value.shown() + " (expected: a size such as 512, 64Ki or 1Mi)");
            return fallback;
        }
        if (bytes < min || bytes > max) {
            problem(key, Sizes.format(bytes) + " (expected: " + range + ")");
            return fallback;
        }
        return bytes;
    }

    /** One of the constants by its name, exactly as written there; the first one if the key is absent. */
    public <E extends Enum<E>> E enumeration(String key, Class<E> type) {
        var constants = type.getEnumConstants();
        asked(key, Shape.WORD, oneOf(constants));
        return required(key, oneOf(constants)) ? word(key, constants, constants[0]) : recordedWord(key, constants[0]);
    }

    public <E extends Enum<E>> E enumeration(String key, E fallback) {
        var constants = fallback.getDeclaringClass().getEnumConstants();
        asked(key, Shape.WORD, oneOf(constants), fallback.toString());
        return word(key, constants, fallback);
    }

    private <E extends Enum<E>> E word(String key, E[] constants, E fallback) {
        var read = parsed(key, new Syntax<>(oneOf(constants), text -> named(constants, text)));
        return read == null ? recordedWord(key, fallback) : read;
    }

    private static <E extends Enum<E>> @Nullable E named(E[] constants, String text) {
        for (var constant : constants) {
            if (constant.toString().equals(text)) {
                return constant;
            }
        }
        return null;
    }

    /** Reads a mapping; an absent one is read as an empty one, so that every key of it has its default. */
    public <T> T section(String key, Function<Section, T> reader) {
        asked(key, Shape.SECTION, "", null);
        var found = found(key);
        var mapping = found == null ? null : found.mapping();
        return read(mapping == null ? new Mapping(List.of(), line) : mapping, at(key), reader);
    }

    /** Reads a mapping; null if it is absent. */
    public <T> @Nullable T optionalSection(String key, Function<Section, T> reader) {
        asked(key, Shape.OPTIONAL_SECTION, "", null);
        recordedOnce(at(key), reader);
        var found = found(key);
        var mapping = found == null ? null : found.mapping();
        return mapping == null ? null : read(mapping, at(key), reader);
    }

    /** Reads a list of mappings; empty if it is absent. */
    public <T> List<T> list(String key, Function<Section, T> reader) {
        asked(key, Shape.LIST, "", null);
        recordedOnce(at(key) + "[]", reader);
        return items(key, "a mapping", item -> {
            var mapping = item.mapping();
            return mapping == null ? null : read(mapping, item.at(), reader);
        });
    }

    /** Reads a list of texts; empty if it is absent. */
    public <T> List<T> list(String key, Syntax<T> syntax) {
        asked(key, Shape.LIST, syntax.expected(), null);
        return items(key, syntax.expected(), item -> item.parsed(syntax));
    }

    /** Reads a list of texts; {@code fallback} if it is absent. */
    public <T> List<T> list(String key, Syntax<T> syntax, List<T> fallback) {
        asked(key, Shape.LIST, syntax.expected(), fallback.toString());
        return value(key) == null ? fallback : items(key, syntax.expected(), item -> item.parsed(syntax));
    }

    /** Reads a list whose items are texts or mappings, as each is written; empty if it is absent. */
    public <T> List<T> list(String key, Syntax<T> syntax, Function<Section, T> reader) {
        var either = new Syntax<>(syntax.expected() + " or a mapping", syntax.numbers(), syntax.parse());
        asked(key, Shape.LIST, either.expected(), null);
        recordedOnce(at(key) + "[]", reader);
        return items(
                key,
                either.expected(),
                item -> item.value() instanceof Mapping mapping
                        ? read(mapping, item.at(), reader)
                        : item.parsed(either));
    }

    /** Says that a value is wrong for a reason that this section cannot see. */
    public void problem(String key, String message) {
        var entry = entries.get(key);
        problems.add(at(key), entry == null ? line : entry.line(), message);
    }

    /** Says that something is wrong with the section as a whole. */
    public void problem(String message) {
        problems.add(path, line, message);
    }

    /** A key that has no place here, although it is one elsewhere. */
    public void refuse(String key, String why) {
        if (has(key)) {
            problem(key, why);
        }
    }

    /** Keys that are judged elsewhere. */
    public void ignore(String... keys) {
        known.addAll(Arrays.asList(keys));
    }

    /** Reports the keys that nobody asked for. */
    public void end() {
        for (var entry : entries.values()) {
            if (!known.contains(entry.key())) {
                problems.add(at(entry.key()), entry.line(), Spelling.unknown(entry.key(), known));
            }
        }
    }

    private void asked(String key, Shape shape, String range) {
        if (recorder != null) {
            recorder.asked(new Key(at(key), shape, range, null, true));
        }
    }

    private void asked(String key, Shape shape, String range, @Nullable String fallback) {
        if (recorder != null) {
            recorder.asked(new Key(at(key), shape, range, fallback, false));
        }
    }

    private <E extends Enum<E>> E recordedWord(String key, E fallback) {
        if (recorder == null) {
            return fallback;
        }
        var constants = fallback.getDeclaringClass().getEnumConstants();
        var told = recorder.word(
                at(key), Arrays.stream(constants).map(Object::toString).toList());
        var word = told == null ? null : named(constants, told);
        return word == null ? fallback : word;
    }

    /** What is only read where somebody wrote it is read for the recorder's sake. */
    private <T> void recordedOnce(String at, Function<Section, T> reader) {
        if (recorder != null) {
            var ignored = read(new Mapping(List.of(), line), at, reader);
        }
    }

    private @Nullable Value value(String key) {
        known.add(key);
        var entry = entries.get(key);
        return entry == null || entry.value().isNull() ? null : entry.value();
    }

    private @Nullable Found found(String key) {
        var value = value(key);
        return value == null ? null : new Found(value, at(key), problems);
    }

    private boolean required(String key, String expected) {
        if (value(key) != null) {
            return true;
        }
        problem(key, "missing (expected: " + expected + ")");
        return false;
    }

    private @Nullable Scalar scalar(String key, Scalar.Kind kind, String expected) {
        var value = value(key);
        if (value == null || (value instanceof Scalar scalar && scalar.kind() == kind)) {
            return (Scalar) value;
        }
        problem(key, value.shown() + " (expected: " + expected + ")");
        return null;
    }

    private <T> @Nullable T parsed(String key, Syntax<T> syntax) {
        var found = found(key);
        return found == null ? null : found.parsed(syntax);
    }

    private <T> T read(Mapping mapping, String at, Function<Section, T> reader) {
        var section = new Section(mapping, at, problems, recorder);
        var result = reader.apply(section);
        section.end();
        return result;
    }

    private <T> List<T> items(String key, String expected, Function<Found, @Nullable T> reader) {
        var value = value(key);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof Sequence sequence)) {
            problem(key, value.shown() + " (expected: a list)");
            return List.of();
        }
        return Found.items(sequence, at(key), problems, expected, reader);
    }

    private String at(String key) {
        return path.isEmpty() ? key : path + '.' + key;
    }

    private static String oneOf(Object[] constants) {
        return String.join(
                " or ", Arrays.stream(constants).map(Object::toString).toList());
    }
}
