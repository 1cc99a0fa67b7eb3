package io.tickstorm.proxy.settings;

/**
 * One thing that is wrong with a configuration.
 *
 * @param path where it is, for example {@code listeners[0].port}; empty for the text as a whole
 * @param line the line of the text, from 1; 0 if the values did not come from a text
 * @param message the value and what was expected, for example {@code 70000 (expected: 1..65535)}
 */
public record Problem(String path, int line, String message) {

    /**
     * One line for a person: {@code proxy.yaml:12: listeners[0].port: 70000 (expected: 1..65535)}.
     *
     * @param source the name of the text; left out if empty
     */
    public String in(String source) {
        var text = new StringBuilder(source);
        if (line > 0) {
            text.append(source.isEmpty() ? "line " : ":").append(line);
        }
        if (!path.isEmpty()) {
            text.append(text.isEmpty() ? "" : ": ").append(path);
        }
        return text.append(text.isEmpty() ? "" : ": ").append(message).toString();
    }
}
