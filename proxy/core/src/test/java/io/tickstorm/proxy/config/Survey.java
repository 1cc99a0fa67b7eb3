package io.tickstorm.proxy.config;

import io.tickstorm.proxy.settings.Key;
import io.tickstorm.proxy.settings.Recorder;
import io.tickstorm.proxy.settings.Section;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All keys that a reader takes. The reader is led through itself again and again: once with every word as it is when
 * nothing is said, and once for each other word, where the keys that come only with that word show.
 */
final class Survey {
    private static final List<String> ABSENT_OR_PRESENT = List.of("absent", "present");

    private final Consumer<Section> reader;
    private final List<Pass> passes = new ArrayList<>();
    private final SequencedMap<String, List<Sighting>> sightings = new LinkedHashMap<>();
    private final Map<String, List<String>> choices = new TreeMap<>();

    /** A key as it was seen in one pass, with the words that the pass had been told. */
    private record Sighting(Key key, Map<String, String> told) {}

    /** @param reader reads a whole configuration */
    static Survey of(Consumer<Section> reader) {
        var survey = new Survey(reader);
        survey.explore();
        return survey;
    }

    private Survey(Consumer<Section> reader) {
        this.reader = reader;
    }

    /** The paths in the order in which the reader asks for them. */
    Set<String> paths() {
        return new LinkedHashSet<>(sightings.keySet());
    }

    /** As it is when nothing is said, or as the first pass that met it saw it. */
    Key key(String path) {
        return sightings.get(path).getFirst().key();
    }

    /** The words that the key comes with, by the path of the word: empty if it is always there. */
    Map<String, Set<String>> conditions(String path) {
        var conditions = new TreeMap<String, Set<String>>();
        if (passes.stream().allMatch(pass -> pass.seen.containsKey(path))) {
            return conditions;
        }
        choices.forEach((choice, words) -> {
            var with = new TreeSet<>(words);
            for (var pass : passes) {
                if (pass.seen.containsKey(path)) {
                    with.removeAll(wordsWithout(path, choice, pass));
                }
            }
            if (with.size() < words.size() && !words.equals(ABSENT_OR_PRESENT)) {
                conditions.put(choice, with);
            }
        });
        return conditions;
    }

    /** The words of passes that were told the same but for this choice, and did not meet the key. */
    private Set<String> wordsWithout(String path, String choice, Pass met) {
        return passes.stream()
                .filter(pass ->
                        !pass.seen.containsKey(path) && pass.toldBut(choice).equals(met.toldBut(choice)))
                .flatMap(pass -> Stream.ofNullable(pass.answers.get(choice)))
                .collect(Collectors.toSet());
    }

    /** What holds if it is absent, by the word that this depends on; one entry with an empty word if by none. */
    SequencedMap<String, String> fallbacks(String path) {
        var first = String.valueOf(key(path).fallback());
        for (var choice : choices.keySet()) {
            var by = new LinkedHashMap<String, String>();
            for (var sighting : sightings.get(path)) {
                var word = sighting.told().get(choice);
                if (word != null) {
                    by.putIfAbsent(word, String.valueOf(sighting.key().fallback()));
                }
            }
            if (new HashSet<>(by.values()).size() > 1) {
                return by;
            }
        }
        var same = new LinkedHashMap<String, String>();
        same.put("", first);
        return same;
    }

    private void explore() {
        var waiting = new ArrayDeque<Map<String, String>>();
        var planned = new HashSet<String>();
        waiting.add(Map.of());
        while (!waiting.isEmpty()) {
            var told = waiting.remove();
            var pass = new Pass(told);
            reader.accept(Section.recorded(pass));
            passes.add(pass);
            merge(pass);
            pass.offered.forEach((choice, words) -> {
                choices.put(choice, words);
                for (var word : words) {
                    if (!word.equals(pass.answers.get(choice)) && planned.add(choice + '=' + word)) {
                        var next = new TreeMap<>(told);
                        next.put(choice, word);
                        waiting.add(next);
                    }
                }
            });
        }
    }

    /** Puts what is new behind what it came after. */
    private void merge(Pass pass) {
        var order = new ArrayList<>(sightings.keySet());
        var at = 0;
        for (var path : pass.seen.keySet()) {
            var known = order.indexOf(path);
            if (known >= 0) {
                at = known + 1;
            } else {
                order.add(at++, path);
            }
        }
        var before = new LinkedHashMap<>(sightings);
        sightings.clear();
        for (var path : order) {
            var all = new ArrayList<>(before.getOrDefault(path, List.of()));
            var key = pass.seen.get(path);
            if (key != null) {
                all.add(new Sighting(key, pass.answers));
            }
            sightings.put(path, all);
        }
    }

    /** One way through the reader. */
    private static final class Pass implements Recorder {
        private final Map<String, String> told;
        private final Map<String, Key> seen = new LinkedHashMap<>();
        private final Map<String, List<String>> offered = new LinkedHashMap<>();
        private final Map<String, String> answers = new LinkedHashMap<>();

        Pass(Map<String, String> told) {
            this.told = told;
        }

        @Override
        public void asked(Key key) {
            seen.putIfAbsent(key.path(), key);
            if (key.shape() == Key.Shape.WORD) {
                var words = List.of(key.range().split(" or "));
                offered.put(key.path(), words);
                answers.put(
                        key.path(),
                        told.getOrDefault(
                                key.path(), key.required() ? words.getFirst() : String.valueOf(key.fallback())));
            }
        }

        private Map<String, String> toldBut(String choice) {
            var rest = new TreeMap<>(told);
            rest.remove(choice);
            return rest;
        }

        @Override
        public @Nullable String word(String path, List<String> words) {
            return told.get(path);
        }

        @Override
        public boolean present(String path) {
            var choice = path + '?';
            offered.put(choice, ABSENT_OR_PRESENT);
            var answer = told.getOrDefault(choice, "absent");
            answers.put(choice, answer);
            return answer.equals("present");
        }
    }
}
