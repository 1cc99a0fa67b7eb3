package io.tickstorm.cli.importing.draft;

/**
 * What is told of one directive.
 *
 * @param verdict the worst of what became of it
 * @param note what it became, what differs, or why it could not be carried over and what comes nearest
 */
public record Finding(Line line, Verdict verdict, String note) {
    @Override
    public String toString() {
        return line.file() + ":" + line.number() + ": " + verdict.word() + ": " + line.text() + ": " + note;
    }
}
