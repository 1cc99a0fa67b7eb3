package io.tickstorm.cli.importing.draft;

import java.util.List;
import java.util.Optional;

/**
 * A directive, as words, and the way to tell what becomes of it.
 *
 * @param words at least one, without quotes and escapes; the first is its name
 */
public record Said(Line line, List<String> words, Report report) {
    public Said {
        words = List.copyOf(words);
        report.expect(line);
    }

    public String name() {
        return words.getFirst();
    }

    /** What follows the name. */
    public List<String> arguments() {
        return words.subList(1, words.size());
    }

    /** The word at this place, the name being at 0; empty if there are not so many. */
    public String word(int index) {
        return index < words.size() ? words.get(index) : "";
    }

    /** What follows a word, such as {@code port} in {@code check port 80}. */
    public Optional<String> after(String word) {
        int index = words.indexOf(word);
        return index > 0 && index + 1 < words.size() ? Optional.of(words.get(index + 1)) : Optional.empty();
    }

    public void carried(String as) {
        tell(Verdict.CARRIED, as, "");
    }

    public void unneeded(String why) {
        tell(Verdict.UNNEEDED, why, "");
    }

    public void differs(String how) {
        tell(Verdict.DIFFERS, how, "");
    }

    public void lost(String why) {
        tell(Verdict.LOST, why, "");
    }

    /** @param place in which listener or backend; empty for all of the result */
    public void tell(Verdict verdict, String what, String place) {
        report.add(line, new Outcome(verdict, what, place));
    }

    /** What is told of it if nothing else is. */
    public void otherwise(Verdict verdict, String what) {
        report.otherwise(line, new Outcome(verdict, what, ""));
    }
}
