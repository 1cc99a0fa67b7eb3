package io.tickstorm.doctest;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A fenced block of a page.
 *
 * @param line where it begins, from 1
 * @param language what stands behind the fence; empty if nothing does
 * @param first commands that are run before it and not shown
 */
record Block(String page, int line, String language, String text, How how, String first) {
    private static final Set<String> OF_COMMANDS = Set.of("sh", "console");
    private static final String PROMPT = "$ ";
    private static final String MORE = "> ";

    /** One command, or lines of several, and the output that the page shows. */
    record Command(String text, List<String> output) {}

    boolean hasCommands() {
        return OF_COMMANDS.contains(language);
    }

    String where() {
        return page + ":" + line;
    }

    List<Command> commands() {
        if (language.equals("sh")) {
            return List.of(new Command(text, List.of()));
        }
        var commands = new ArrayList<Command>();
        for (var line : text.lines().toList()) {
            if (line.startsWith(PROMPT)) {
                commands.add(new Command(line.substring(PROMPT.length()), new ArrayList<>()));
            } else if (commands.isEmpty()) {
                throw new IllegalStateException(where() + ": " + line + " (expected: a line that begins with $)");
            } else if (line.startsWith(MORE) && commands.getLast().output().isEmpty()) {
                var last = commands.removeLast();
                commands.add(new Command(last.text() + "\n" + line.substring(MORE.length()), last.output()));
            } else {
                commands.getLast().output().add(line);
            }
        }
        return commands;
    }
}
