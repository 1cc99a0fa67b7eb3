package io.tickstorm.doctest;

import java.util.List;
import java.util.regex.Pattern;

/** Compares what a command printed with what its page shows. */
final class Output {
    private static final Pattern PART =
            Pattern.compile("\\.\\.\\.|…|\\b[0-9a-f]{16,}\\b|[0-9]+(?:\\.[0-9]+)?|[^0-9.…]+|.", Pattern.DOTALL);

    private Output() {}

    /** @param numbersDiffer whether any number will do, and any id of sixteen or more hexadecimal digits */
    static boolean matches(List<String> shown, String printed, boolean numbersDiffer) {
        var pattern = new StringBuilder();
        PART.matcher(String.join("\n", shown).strip()).results().forEach(part -> {
            var text = part.group();
            pattern.append(
                    text.equals("...") || text.equals("…")
                            ? ".*?"
                            : !numbersDiffer || !Character.isLetterOrDigit(text.charAt(0))
                                    ? Pattern.quote(text)
                                    : text.matches("[0-9a-f]{16,}")
                                            ? "[0-9a-f]+"
                                            : text.matches("[0-9.]+") ? "[0-9]+(?:\\.[0-9]+)?" : Pattern.quote(text));
        });
        return Pattern.compile(pattern.toString(), Pattern.DOTALL)
                .matcher(printed.strip())
                .matches();
    }
}
