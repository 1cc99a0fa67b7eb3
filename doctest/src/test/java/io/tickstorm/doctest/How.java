package io.tickstorm.doctest;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How a block of commands is run, as the comment before it says. */
sealed interface How {
    /** @param numbersDiffer whether numbers of the output may be others than those shown */
    record Here(int exit, boolean numbersDiffer) implements How {}

    /** It does not end; what follows is run once it has printed the text. */
    record Until(String text) implements How {}

    record OnApiServer(int exit, boolean numbersDiffer) implements How {}

    record By(String file) implements How {}

    record Not(String why) implements How {}

    How PLAINLY = new Here(0, false);

    /** The exit code that is right. */
    default int exit() {
        return 0;
    }

    default boolean numbersDiffer() {
        return false;
    }

    /** @return null if the comment is about something else */
    static @Nullable How of(String comment) {
        if (comment.startsWith("not run:")) {
            return new Not(comment.substring("not run:".length()).strip());
        }
        if (comment.startsWith("run by:")) {
            return new By(comment.substring("run by:".length()).strip());
        }
        if (!comment.startsWith("run:")) {
            return null;
        }
        int exit = 0;
        boolean numbersDiffer = false;
        boolean onApiServer = false;
        for (var word : comment.substring("run:".length()).split(",")) {
            var until = Pattern.compile("until \"([^\"]+)\"").matcher(word.strip());
            if (until.matches()) {
                return new Until(until.group(1));
            }
            switch (word.strip()) {
                case "numbers differ" -> numbersDiffer = true;
                case "api-server" -> onApiServer = true;
                case String text when text.matches("exit [0-9]{1,3}") -> exit = Integer.parseInt(text.substring(5));
                default ->
                    throw new IllegalArgumentException(
                            comment + " (expected: exit N, numbers differ, until \"TEXT\" or api-server)");
            }
        }
        return onApiServer ? new OnApiServer(exit, numbersDiffer) : new Here(exit, numbersDiffer);
    }
}
