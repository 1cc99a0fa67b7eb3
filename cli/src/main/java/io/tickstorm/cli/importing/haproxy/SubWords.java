package io.tickstorm.cli.importing.haproxy;

import io.tickstorm.cli.importing.draft.Said;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The words of a {@code bind} or {@code server} as directives of their own, which are told of in its line. */
final class SubWords {
    private SubWords() {}

    /**
     * @param from the place of the first one
     * @param withValue those that are followed by a value
     */
    static List<Said> of(Said said, int from, Set<String> withValue) {
        return of(
                said,
                said.words()
                        .subList(
                                Math.min(from, said.words().size()),
                                said.words().size()),
                withValue);
    }

    static List<Said> of(Said said, List<String> words, Set<String> withValue) {
        var all = new ArrayList<Said>();
        for (int i = 0; i < words.size(); i++) {
            var word = words.get(i);
            boolean takesValue = withValue.contains(word) && i + 1 < words.size();
            all.add(new Said(said.line(), takesValue ? List.of(word, words.get(++i)) : List.of(word), said.report()));
        }
        return all;
    }
}
