package io.tickstorm.cli.importing.draft;

import io.tickstorm.proxy.settings.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A mapping of the result that is being put together: keys in their order, and for each the directives that asked for it.
 * Values are texts, integers, booleans, durations, lists of these, mappings and lists of mappings.
 */
public final class Settings {
    // The longest that can be written; the reader refuses far shorter ones.
    private static final Duration LONGEST = Duration.ofHours(99_999);

    private final String place;
    private final String prefix;
    private final Map<String, Object> values = new LinkedHashMap<>();
    private final Map<String, List<Origin>> origins = new LinkedHashMap<>();
    private final List<Origin> askedForAll = new ArrayList<>();

    private record Origin(Said said, Outcome outcome) {}

    /** @param place which part of the result this is, for people, such as {@code listener http}; empty for all of it */
    public Settings(String place) {
        this(place, "");
    }

    private Settings(String place, String prefix) {
        this.place = place;
        this.prefix = prefix;
    }

    public String place() {
        return place;
    }

    public boolean isEmpty() {
        return values.isEmpty();
    }

    /** The value at a path such as {@code balancing.policy}, if there is one. */
    public Optional<Object> value(String path) {
        int dot = path.indexOf('.');
        if (dot < 0) {
            return Optional.ofNullable(values.get(path));
        }
        return values.get(path.substring(0, dot)) instanceof Settings section
                ? section.value(path.substring(dot + 1))
                : Optional.empty();
    }

    /** Sets a value that no directive asked for. */
    public void put(String path, Object value) {
        owner(path).values.put(key(path), value);
    }

    /** Sets a value, and tells of it as carried over. */
    public void put(String path, Object value, Said by) {
        put(path, value, by, Verdict.CARRIED, "");
    }

    /** Sets a value that does not mean quite the same, and tells why. */
    public void put(String path, Object value, Said by, String difference) {
        put(path, value, by, Verdict.DIFFERS, ", " + difference);
    }

    private void put(String path, Object value, Said by, Verdict verdict, String more) {
        var outcome = new Outcome(verdict, prefix + path + ": " + shown(value) + more, place);
        by.report().add(by.line(), outcome);
        var owner = owner(path);
        owner.values.put(key(path), value);
        owner.origins.computeIfAbsent(key(path), any -> new ArrayList<>()).add(new Origin(by, outcome));
    }

    /** Tells of this as a whole; who is told so hears of it, too, if it is taken away. */
    public void tell(Said by, Verdict verdict, String what) {
        var outcome = new Outcome(verdict, what, place);
        by.report().add(by.line(), outcome);
        askedForAll.add(new Origin(by, outcome));
    }

    /** Sets a duration; where another directive has set a shorter one already, the longer holds, and that is told. */
    public void putLonger(String path, Duration value, Said by) {
        var known = value(path).map(Duration.class::cast).orElse(value);
        putOne(path, value, known, value.compareTo(known) >= 0, by);
    }

    /** Sets a duration; where another directive has set a longer one already, the shorter holds, and that is told. */
    public void putShorter(String path, Duration value, Said by) {
        var known = value(path).map(Duration.class::cast).orElse(value);
        putOne(path, value, known, value.compareTo(known) <= 0, by);
    }

    /** Sets a value unless another directive has set a different one; then that is told. */
    public void putOnce(String path, Object value, Said by) {
        putOne(path, value, value(path).orElse(value), false, by);
    }

    private void putOne(String path, Object value, Object known, boolean wins, Said by) {
        if (value.equals(known)) {
            put(path, value, by);
        } else if (wins) {
            put(path, value, by, "where something else says " + shown(known));
        } else {
            by.tell(
                    Verdict.DIFFERS,
                    prefix + path + ": " + shown(known) + ", as something else says; it is one for all",
                    place);
        }
    }

    /** The mapping under a key, made if it is not there. */
    public Settings section(String key) {
        return (Settings) values.computeIfAbsent(key, any -> new Settings(place, prefix + key + "."));
    }

    /** Puts a mapping at the end of the list under a key. */
    public void add(String key, Settings item) {
        list(key).add(item);
    }

    @SuppressWarnings("unchecked")
    private List<Object> list(String key) {
        return (List<Object>) values.computeIfAbsent(key, any -> new ArrayList<Object>());
    }

    /** The mappings of a list. */
    public List<Settings> items(String key) {
        return values.get(key) instanceof List<?> list
                ? list.stream().map(Settings.class::cast).toList()
                : List.of();
    }

    /** Sets all values of this in another mapping, too, without a word about it. */
    void copyTo(Settings other) {
        values.forEach((key, value) -> {
            if (value instanceof Settings section) {
                section.copyTo(other.section(key));
            } else {
                other.values.put(key, value);
            }
        });
    }

    /** Makes all of this part of another mapping, directives included. */
    void copyWith(Settings other) {
        values.forEach(other.values::put);
        origins.forEach(other.origins::put);
    }

    /** Takes a value away that the result cannot have, and puts another one in its place, which those who asked for it are told. */
    void replace(String key, String path, Object value, String difference) {
        values.remove(key);
        var asked = origins.getOrDefault(key, List.of());
        origins.remove(key);
        put(path, value);
        for (var origin : asked) {
            origin.said().report().withdraw(origin.said().line(), origin.outcome());
            put(path, value, origin.said(), difference);
        }
    }

    /** Takes a value away that the result cannot have, and tells those who asked for it, or for anything in it, why. */
    public void drop(String key, Verdict verdict, String why) {
        remove(key, outcome -> new Outcome(verdict, why, outcome.place()));
    }

    /**
     * Takes away what is at a path of {@link #toMap}, such as {@code listeners[0].tls.minVersion}, and tells those who asked for
     * it why.
     *
     * @return whether there was anything
     */
    public boolean refuse(String path, String why) {
        var step = path.split("\\.", 2);
        var name = step[0].replaceAll("\\[.*", "");
        if (!values.containsKey(name)) {
            return false;
        }
        var value = values.get(name);
        if (step[0].contains("[")) {
            int index = Integer.parseInt(step[0].replaceAll(".*\\[(\\d+)].*", "$1"));
            if (!(value instanceof List<?> list) || index >= list.size()) {
                return false;
            }
            var item = list.get(index);
            if (step.length > 1) {
                return item instanceof Settings section && section.refuse(step[1], why);
            }
            if (item instanceof Settings section) {
                section.refuseAll(why);
                list.remove(index);
                return true;
            }
        } else if (step.length > 1) {
            return value instanceof Settings section && section.refuse(step[1], why);
        }
        refuseKey(name, why);
        return true;
    }

    private void refuseAll(String why) {
        removeAll(refused(why));
    }

    private void refuseKey(String key, String why) {
        remove(key, refused(why));
    }

    private static UnaryOperator<Outcome> refused(String why) {
        return outcome -> new Outcome(Verdict.LOST, outcome.what() + ": refused: " + why, outcome.place());
    }

    private void remove(String key, UnaryOperator<Outcome> instead) {
        var value = values.remove(key);
        tell(origins.getOrDefault(key, List.of()), instead);
        origins.remove(key);
        if (value instanceof Settings section) {
            section.removeAll(instead);
        } else if (value instanceof List<?> list) {
            list.forEach(item -> {
                if (item instanceof Settings section) {
                    section.removeAll(instead);
                }
            });
        }
    }

    private void removeAll(UnaryOperator<Outcome> instead) {
        tell(askedForAll, instead);
        askedForAll.clear();
        List.copyOf(values.keySet()).forEach(key -> remove(key, instead));
    }

    private static void tell(List<Origin> asked, UnaryOperator<Outcome> instead) {
        for (var origin : asked) {
            origin.said().report().withdraw(origin.said().line(), origin.outcome());
            origin.said().report().add(origin.said().line(), instead.apply(origin.outcome()));
        }
    }

    /** As maps, lists, texts, numbers and booleans; without mappings that are empty. */
    public Map<String, Object> toMap() {
        var map = new LinkedHashMap<String, Object>();
        values.forEach((key, value) -> {
            var plain = plain(value);
            if (!(plain instanceof Map<?, ?> nested) || !nested.isEmpty()) {
                map.put(key, plain);
            }
        });
        return map;
    }

    private static Object plain(Object value) {
        return switch (value) {
            case Settings section -> section.toMap();
            case List<?> list -> list.stream().map(Settings::plain).toList();
            case Duration duration -> Durations.format(duration.compareTo(LONGEST) < 0 ? duration : LONGEST);
            default -> value;
        };
    }

    private static String shown(Object value) {
        return String.valueOf(plain(value));
    }

    private Settings owner(String path) {
        int dot = path.indexOf('.');
        return dot < 0 ? this : section(path.substring(0, dot)).owner(path.substring(dot + 1));
    }

    private static String key(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }
}
