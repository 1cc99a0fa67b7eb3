package io.tickstorm.cli.importing.draft;

/** What became of a directive, the best first. */
public enum Verdict {
    /** The result does the same. */
    CARRIED("carried", "carried over"),
    /** The result does the same without a word of it, or it has no bearing on what clients see. */
    UNNEEDED("not needed", "not needed"),
    /** The result does something like it. */
    DIFFERS("differs", "different in meaning"),
    /** The result does nothing of the kind. */
    LOST("not carried", "not carried over");

    private final String word;
    private final String plural;

    Verdict(String word, String plural) {
        this.word = word;
        this.plural = plural;
    }

    /** Of one directive. */
    public String word() {
        return word;
    }

    /** Behind a number of directives. */
    public String plural() {
        return plural;
    }
}
