package io.tickstorm.proxy.admin;

import io.tickstorm.proxy.access.Entry;
import io.tickstorm.proxy.access.Recorded;
import io.tickstorm.proxy.access.Termination;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The kept failures of one thing that somebody asks about. */
record Failures(List<Recorded> all) {
    private static final int SHOWN = 10;

    static Failures of(List<Recorded> kept, Predicate<Entry> concerned) {
        return new Failures(kept.stream()
                .filter(recorded -> concerned.test(recorded.entry()))
                .toList());
    }

    List<Recorded> latest() {
        return all.stream().limit(SHOWN).toList();
    }

    /** {@code 14 failed or retried requests kept: 9 CONNECT_FAILED, 5 COMPLETE after several attempts}. */
    String summary() {
        if (all.isEmpty()) {
            return "no failed or retried request is kept";
        }
        return Words.count(all.size(), "failed or retried request") + " kept: "
                + byCount(Failures::kind)
                        .map(kind -> kind.getValue() + " " + kind.getKey())
                        .collect(Collectors.joining(", "));
    }

    /** The same in words, one line for each kind, the most frequent first. */
    List<String> causes() {
        return byCount(entry -> kind(entry) + ": " + entry.termination().words())
                .map(cause -> cause.getValue() + " × " + cause.getKey())
                .toList();
    }

    private Stream<Map.Entry<String, Long>> byCount(Function<Entry, String> kind) {
        return all.stream()
                .collect(Collectors.groupingBy(
                        recorded -> kind.apply(recorded.entry()), TreeMap::new, Collectors.counting()))
                .entrySet()
                .stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed());
    }

    /** What ended well is here for another reason, which belongs beside the word. */
    private static String kind(Entry entry) {
        var word = entry.termination().name();
        if (entry.termination() != Termination.COMPLETE) {
            return word;
        }
        return entry.tries().size() > 1
                ? word + " with " + entry.status() + " after " + entry.tries().size() + " attempts"
                : word + " with " + entry.status();
    }
}
