package io.tickstorm.proxy.admin;

import io.tickstorm.proxy.access.Entry;
import io.tickstorm.proxy.access.Recorded;
import io.tickstorm.proxy.access.Termination;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

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

    /** {@code of the 14 failed or retried requests that are kept: 9 CONNECT_FAILED, 5 COMPLETE}. */
    String summary() {
        if (all.isEmpty()) {
            return "no failed or retried request is kept";
        }
        Map<Termination, Integer> counts = new EnumMap<>(Termination.class);
        all.forEach(recorded -> counts.merge(recorded.entry().termination(), 1, Integer::sum));
        return Words.count(all.size(), "failed or retried request") + " kept: "
                + counts.entrySet().stream()
                        .sorted(Map.Entry.<Termination, Integer>comparingByValue()
                                .reversed())
                        .map(count -> count.getValue() + " " + count.getKey())
                        .collect(Collectors.joining(", "));
    }
}
