package io.tickstorm.cli;

import java.io.PrintStream;

/** Whether somebody watches, and a line for them that changes in place. */
final class Terminal {
    /** Back to the first column, and clear what is there (ECMA-48). */
    private static final String AGAIN = "\r\u001b[K";

    private final PrintStream out;
    private final boolean watched;

    Terminal(PrintStream out) {
        this.out = out;
        var console = System.console();
        this.watched = console != null && console.isTerminal();
    }

    boolean watched() {
        return watched;
    }

    /** Shows {@code line} in place of the last one; nothing where nobody watches. */
    void show(String line) {
        if (watched) {
            out.print(AGAIN + line);
            out.flush();
        }
    }

    /** Takes the changing line away. */
    void clear() {
        show("");
    }

    /** A line that stays. */
    void say(String line) {
        clear();
        out.println(line);
    }
}
