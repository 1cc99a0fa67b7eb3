package io.tickstorm.cli.importing.haproxy;

import io.tickstorm.cli.importing.draft.UnreadableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A line as words, by section 2.2 of HAProxy's configuration manual: blanks separate, {@code #} begins a comment; a backslash
 * escapes outside of quotes and in double ones; variables of the environment count in double quotes only.
 */
final class Words {
    private static final int HEX = 16;

    private final String line;
    private final Map<String, String> environment;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean begun;
    private int at;

    private Words(String line, Map<String, String> environment) {
        this.line = line;
        this.environment = environment;
    }

    /** @param number of the line, for the message */
    static List<String> of(String line, String file, int number, Map<String, String> environment)
            throws UnreadableException {
        var problem = new Words(line, environment);
        var found = problem.split();
        if (found != null) {
            throw new UnreadableException(file, number, found);
        }
        return List.copyOf(problem.words);
    }

    private @Nullable String split() {
        char quote = 0;
        while (at < line.length()) {
            char next = line.charAt(at++);
            if (next == quote) {
                quote = 0;
            } else if (quote == '\'') {
                word.append(next);
            } else if (next == '\\' && at < line.length()) {
                escape(line.charAt(at++), quote == '"');
            } else if (quote == '"') {
                if (next == '$') {
                    variable();
                } else {
                    word.append(next);
                }
            } else if (next == '"' || next == '\'') {
                quote = next;
                begun = true;
            } else if (Character.isWhitespace(next)) {
                end();
            } else if (next == '#') {
                break;
            } else {
                word.append(next);
            }
        }
        end();
        return quote == 0 ? null : "a quote " + quote + " that does not end (expected: another one on the line)";
    }

    private void end() {
        if (begun || !word.isEmpty()) {
            words.add(word.toString());
        }
        word.setLength(0);
        begun = false;
    }

    private void escape(char escaped, boolean quoted) {
        switch (escaped) {
            case 'n' -> word.append('\n');
            case 'r' -> word.append('\r');
            case 't' -> word.append('\t');
            case 'x' -> hex();
            case '\\', '#', ' ', '"', '\'' -> word.append(escaped);
            default -> {
                if (escaped != '$' || !quoted) {
                    word.append('\\');
                }
                word.append(escaped);
            }
        }
    }

    private void hex() {
        int high = at + 1 < line.length() ? Character.digit(line.charAt(at), HEX) : -1;
        int low = at + 1 < line.length() ? Character.digit(line.charAt(at + 1), HEX) : -1;
        if (high < 0 || low < 0) {
            word.append("\\x");
        } else {
            word.append((char) (high * HEX + low));
            at += 2;
        }
    }

    /** {@code $NAME}, {@code ${NAME}} or {@code ${NAME-otherwise}}; one that is not there stays as it is written. */
    private void variable() {
        int begin = at;
        boolean braced = at < line.length() && line.charAt(at) == '{';
        int end = braced ? line.indexOf('}', at) : afterName(at);
        if (end < 0) {
            word.append('$');
            return;
        }
        var inside = line.substring(braced ? begin + 1 : begin, end);
        int dash = inside.indexOf('-');
        var name = dash < 0 ? inside : inside.substring(0, dash);
        var otherwise = dash < 0 ? line.substring(begin - 1, braced ? end + 1 : end) : inside.substring(dash + 1);
        word.append(environment.getOrDefault(name, otherwise));
        at = braced ? end + 1 : end;
    }

    private int afterName(int from) {
        int end = from;
        while (end < line.length() && (Character.isLetterOrDigit(line.charAt(end)) || line.charAt(end) == '_')) {
            end++;
        }
        return end;
    }
}
