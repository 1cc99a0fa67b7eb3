package io.tickstorm.cli.importing.draft;

import java.io.Serial;

/** A text that breaks the grammar of its format: where, and what was expected. */
public final class UnreadableException extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    /** @param line from 1 */
    public UnreadableException(String file, int line, String problem) {
        super(file + ":" + line + ": " + problem);
    }
}
