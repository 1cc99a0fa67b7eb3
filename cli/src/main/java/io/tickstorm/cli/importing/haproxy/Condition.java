package io.tickstorm.cli.importing.haproxy;

import io.tickstorm.cli.importing.draft.Said;
import java.util.ArrayList;
import java.util.List;

/**
 * What follows {@code if}: alternatives, each of terms that must all hold.
 *
 * @param alternatives at least one; one without terms always holds
 */
record Condition(List<List<Term>> alternatives) {
    /** @param acls that stand for it, of which one must fit, or none if negated; empty = a name that nothing defines */
    record Term(boolean negated, String shown, List<Acl> acls) {}

    /** @param words of the directive, {@code if} included; without it, the condition always holds */
    static Condition of(Said said, Proxied proxied) {
        int begin = said.words().indexOf("if");
        var alternatives = new ArrayList<List<Term>>();
        var terms = new ArrayList<Term>();
        boolean negated = false;
        var words = begin < 0
                ? List.<String>of()
                : said.words().subList(begin + 1, said.words().size());
        for (int i = 0; i < words.size(); i++) {
            var word = words.get(i);
            if (word.equals("or") || word.equals("||")) {
                alternatives.add(List.copyOf(terms));
                terms.clear();
            } else if (word.equals("!")) {
                negated = !negated;
            } else {
                boolean not = negated ^ word.startsWith("!");
                var bare = word.startsWith("!") ? word.substring(1) : word;
                negated = false;
                if (bare.equals("{")) {
                    int end = end(words, i);
                    var acl = Acl.of("", said, words.subList(Math.min(i + 1, end), end));
                    terms.add(new Term(not, acl.shown(), List.of(acl)));
                    i = end;
                } else {
                    terms.add(new Term(not, bare, proxied.acl(bare)));
                }
            }
        }
        alternatives.add(List.copyOf(terms));
        return new Condition(List.copyOf(alternatives));
    }

    private static int end(List<String> words, int open) {
        int end = words.subList(open, words.size()).indexOf("}");
        return end < 0 ? words.size() : open + end;
    }

    /** The definitions that it uses. */
    List<Acl> named() {
        return alternatives.stream()
                .flatMap(List::stream)
                .flatMap(term -> term.acls().stream())
                .filter(acl -> !acl.name().isEmpty())
                .distinct()
                .toList();
    }
}
