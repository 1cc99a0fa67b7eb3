package io.tickstorm.cli.importing.nginx;

import io.tickstorm.cli.importing.draft.UnreadableException;
import java.util.ArrayList;
import java.util.List;

/**
 * A text as words and the signs {@code ;}, <code>{</code> and <code>}</code>. Quotes and {@code #} count at the beginning of a word only; a backslash
 * takes the meaning of the next character; <code>${name}</code> is part of its word.
 */
final class Tokens {
    private final String text;
    private final String file;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;

    /** @param sign whether it is one of the signs, not a word of the same text */
    record Token(String text, boolean sign, int line) {}

    private Tokens(String text, String file) {
        this.text = text;
        this.file = file;
    }

    static List<Token> of(String text, String file) throws UnreadableException {
        var tokens = new Tokens(text, file);
        while (tokens.at < text.length()) {
            tokens.next();
        }
        return List.copyOf(tokens.tokens);
    }

    private void next() throws UnreadableException {
        char next = text.charAt(at);
        if (next == '#') {
            while (at < text.length() && text.charAt(at) != '\n') {
                at++;
            }
        } else if (Character.isWhitespace(next)) {
            line += next == '\n' ? 1 : 0;
            at++;
        } else if (next == ';' || next == '{' || next == '}') {
            tokens.add(new Token(String.valueOf(next), true, line));
            at++;
        } else if (next == '"' || next == '\'') {
            at++;
            quoted(next);
        } else {
            bare();
        }
    }

    private void quoted(char quote) throws UnreadableException {
        int begin = line;
        var word = new StringBuilder();
        while (at < text.length() && text.charAt(at) != quote) {
            character(word);
        }
        if (at == text.length()) {
            throw new UnreadableException(file, begin, "a quote " + quote + " that does not end");
        }
        at++;
        tokens.add(new Token(word.toString(), false, begin));
    }

    private void bare() {
        int begin = line;
        var word = new StringBuilder();
        while (at < text.length()) {
            char next = text.charAt(at);
            boolean variable = next == '{' && !word.isEmpty() && word.charAt(word.length() - 1) == '$';
            if (variable) {
                while (at < text.length() && text.charAt(at) != '}' && text.charAt(at) != '\n') {
                    word.append(text.charAt(at++));
                }
                if (at < text.length() && text.charAt(at) == '}') {
                    word.append(text.charAt(at++));
                }
                continue;
            }
            if (Character.isWhitespace(next) || next == ';' || next == '{') {
                break;
            }
            character(word);
        }
        tokens.add(new Token(word.toString(), false, begin));
    }

    /** One character of a word, or what an escape stands for. */
    private void character(StringBuilder word) {
        char next = text.charAt(at++);
        line += next == '\n' ? 1 : 0;
        if (next != '\\' || at == text.length()) {
            word.append(next);
            return;
        }
        char escaped = text.charAt(at++);
        line += escaped == '\n' ? 1 : 0;
        switch (escaped) {
            case 't' -> word.append('\t');
            case 'r' -> word.append('\r');
            case 'n' -> word.append('\n');
            case '"', '\'', '\\' -> word.append(escaped);
            default -> word.append('\\').append(escaped);
        }
    }
}
