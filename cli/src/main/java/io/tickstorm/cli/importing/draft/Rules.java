package io.tickstorm.cli.importing.draft;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The directives that can stand in one kind of place, by their first words. */
public final class Rules<S> {
    private final Map<String, Rule<S>> rules = new LinkedHashMap<>();

    /** @throws IllegalArgumentException if two say the same directive */
    public Rules(List<List<Rule<S>>> groups) {
        groups.stream().flatMap(List::stream).forEach(rule -> {
            if (rules.putIfAbsent(rule.directive(), rule) != null) {
                throw new IllegalArgumentException(rule.directive() + " (expected: once)");
            }
        });
    }

    /** In the order in which they were given. */
    public Collection<Rule<S>> all() {
        return rules.values();
    }

    /** The rule with the most words of the directive's first ones; null = there is none. */
    public @Nullable Rule<S> of(Said said) {
        for (int words = Math.min(3, said.words().size()); words > 0; words--) {
            var rule = rules.get(String.join(" ", said.words().subList(0, words)));
            if (rule != null) {
                return rule;
            }
        }
        return null;
    }

    /** Translates a directive; one without a rule is told of as unknown. */
    public void apply(Said said, S subject) {
        var rule = of(said);
        if (rule != null) {
            rule.translation().apply(said, subject);
        }
    }
}
