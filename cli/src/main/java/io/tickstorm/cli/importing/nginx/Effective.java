package io.tickstorm.cli.importing.nginx;

import io.tickstorm.cli.importing.draft.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The directives that hold in a block: its own, and of each other name those of the nearest block around it that has it. */
final class Effective {
    private final Map<String, List<Directive>> byName = new LinkedHashMap<>();

    /** @param blocks what they say, from the outermost inwards */
    @SafeVarargs
    static Effective of(List<Directive>... blocks) {
        var effective = new Effective();
        for (var block : blocks) {
            var own = new LinkedHashMap<String, List<Directive>>();
            block.stream()
                    .filter(directive -> directive.children().isEmpty())
                    .forEach(directive -> own.computeIfAbsent(directive.name(), any -> new ArrayList<>())
                            .add(directive));
            own.forEach((name, directives) -> {
                effective
                        .all(name)
                        .forEach(outer -> outer.said().otherwise(Verdict.UNNEEDED, "blocks within say it anew"));
                effective.byName.put(name, directives);
            });
        }
        return effective;
    }

    List<Directive> all(String name) {
        return byName.getOrDefault(name, List.of());
    }

    List<Directive> all() {
        return byName.values().stream().flatMap(List::stream).toList();
    }

    /** The first argument of each directive of a name. */
    List<String> arguments(String name) {
        return all(name).stream().map(directive -> directive.said().word(1)).toList();
    }
}
