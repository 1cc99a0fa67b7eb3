package io.tickstorm.proxy.http1;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The value of {@code Forwarded}, RFC 7239 section 4, by its grammar and nothing beyond it. */
final class ForwardedField {
    private final String text;
    private int at;

    /**
     * What one proxy has said.
     *
     * @param text as it was written
     * @param client the node it had the request from; empty if it does not say
     */
    record Element(String text, String client) {}

    private ForwardedField(String text) {
        this.text = text;
    }

    /** The elements in their order; null if the value breaks the grammar anywhere: then nothing in it means anything. */
    static @Nullable List<Element> parse(String text) {
        return new ForwardedField(text).elements();
    }

    private @Nullable List<Element> elements() {
        var elements = new ArrayList<Element>();
        while (true) {
            space();
            if (!done() && text.charAt(at) != ',') {
                var element = element();
                if (element == null) {
                    return null;
                }
                elements.add(element);
                space();
            }
            if (done()) {
                return elements;
            }
            if (text.charAt(at++) != ',') {
                return null;
            }
        }
    }

    private @Nullable Element element() {
        int start = at;
        var client = "";
        Set<String> seen = new HashSet<>();
        while (true) {
            if (!done() && text.charAt(at) != ';') {
                var name = token().toLowerCase(Locale.ROOT);
                if (name.isEmpty() || done() || text.charAt(at++) != '=' || !seen.add(name)) {
                    return null;
                }
                var value = value();
                if (value == null || !fits(name, value)) {
                    return null;
                }
                client = name.equals("for") ? value : client;
            }
            if (done() || text.charAt(at) != ';') {
                return new Element(text.substring(start, at), client);
            }
            at++;
            if (done() || text.charAt(at) == ',' || space(text.charAt(at))) {
                return new Element(text.substring(start, at), client);
            }
        }
    }

    private static boolean fits(String name, String value) {
        return switch (name) {
            case "for", "by" -> Node.valid(value);
            case "host" -> Host.valid(value);
            // RFC 3986 section 3.1
            case "proto" -> value.matches("[A-Za-z][A-Za-z0-9+.-]*");
            default -> true;
        };
    }

    private String token() {
        int start = at;
        while (!done() && text.charAt(at) < 0x80 && Grammar.token((byte) text.charAt(at))) {
            at++;
        }
        return text.substring(start, at);
    }

    /** A token, or what a quoted string says; null if it is neither. */
    private @Nullable String value() {
        if (done() || text.charAt(at) != '"') {
            var token = token();
            return token.isEmpty() ? null : token;
        }
        var value = new StringBuilder();
        for (at++; !done() && text.charAt(at) != '"'; at++) {
            if (text.charAt(at) == '\\' && ++at == text.length()) {
                return null;
            }
            if (text.charAt(at) > '~') {
                return null; // beyond ASCII nobody knows what is meant
            }
            value.append(text.charAt(at));
        }
        if (done()) {
            return null;
        }
        at++;
        return value.toString();
    }

    private void space() {
        while (!done() && space(text.charAt(at))) {
            at++;
        }
    }

    private static boolean space(char c) {
        return c == ' ' || c == '\t';
    }

    private boolean done() {
        return at == text.length();
    }
}
