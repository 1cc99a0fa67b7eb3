package io.tickstorm.cli.importing.draft;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Every directive of the input, and what became of it. What nothing was said of is told as not carried over. */
public final class Report {
    private static final String UNKNOWN = "the importer does not know it";

    private final Map<Line, List<Outcome>> outcomes = new LinkedHashMap<>();
    private final Map<Line, Outcome> otherwise = new HashMap<>();

    /** A directive that is to be told of, in the order of the input. */
    public void expect(Line line) {
        outcomes.computeIfAbsent(line, any -> new ArrayList<>());
    }

    void add(Line line, Outcome outcome) {
        outcomes.computeIfAbsent(line, any -> new ArrayList<>()).add(outcome);
    }

    /** What is told of a directive if nothing else is. */
    void otherwise(Line line, Outcome outcome) {
        otherwise.putIfAbsent(line, outcome);
    }

    void withdraw(Line line, Outcome outcome) {
        outcomes.getOrDefault(line, new ArrayList<>()).remove(outcome);
    }

    /** One for each directive, in the order of the input. */
    public List<Finding> findings() {
        return outcomes.entrySet().stream()
                .map(entry -> finding(entry.getKey(), told(entry.getKey(), entry.getValue())))
                .toList();
    }

    private List<Outcome> told(Line line, List<Outcome> found) {
        var instead = otherwise.get(line);
        return found.isEmpty() && instead != null ? List.of(instead) : found;
    }

    /** How many directives came to this. */
    public int count(Verdict verdict) {
        return (int) findings().stream()
                .filter(finding -> finding.verdict() == verdict)
                .count();
    }

    private static Finding finding(Line line, List<Outcome> found) {
        if (found.isEmpty()) {
            return new Finding(line, Verdict.LOST, UNKNOWN);
        }
        var verdicts = found.stream().map(Outcome::verdict).collect(Collectors.toCollection(TreeSet::new));
        if (verdicts.contains(Verdict.CARRIED)) {
            // a word of it that nothing has to be done for
            verdicts.remove(Verdict.UNNEEDED);
        }
        var places = new LinkedHashMap<String, Set<String>>();
        for (var outcome : found) {
            places.computeIfAbsent(outcome.what(), any -> new LinkedHashSet<>()).add(outcome.place());
        }
        var notes = new ArrayList<String>();
        places.forEach((what, where) -> {
            where.removeIf(what::startsWith);
            notes.add(where.isEmpty() ? what : what + " [" + String.join(", ", where) + "]");
        });
        return new Finding(line, verdicts.last(), String.join("; ", notes));
    }
}
