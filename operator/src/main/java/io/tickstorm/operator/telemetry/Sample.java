package io.tickstorm.operator.telemetry;

import java.util.HashMap;
import java.util.Map;

/**
 * One number in the text format of Prometheus: {@code name{label="value"} 1.0}.
 *
 * @param labels values without escapes
 */
record Sample(String name, Map<String, String> labels, double value) {
    Sample {
        labels = Map.copyOf(labels);
    }

    /** @throws IllegalArgumentException if it is none, with the line */
    static Sample read(String line) {
        return new Reader(line).sample();
    }

    /** A number as Prometheus writes it, with {@code +Inf}, {@code -Inf} and {@code NaN}. */
    static double number(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    /** Empty if there is none. */
    String label(String name) {
        return labels.getOrDefault(name, "");
    }

    private static final class Reader {
        private final String line;
        private int at;

        Reader(String line) {
            this.line = line;
        }

        Sample sample() {
            var labels = new HashMap<String, String>();
            var name = word("{ ");
            if (peek() == '{') {
                at++;
                while (peek() != '}') {
                    var label = word("=");
                    expect('=');
                    labels.put(label, quoted());
                    if (peek() == ',') {
                        at++;
                    }
                }
                expect('}');
            }
            expect(' ');
            // Behind the number there may be a time and an exemplar.
            var end = line.indexOf(' ', at);
            var number = end < 0 ? line.substring(at) : line.substring(at, end);
            try {
                return new Sample(name, labels, number(number));
            } catch (NumberFormatException e) {
                throw flaw("a number");
            }
        }

        private String word(String ends) {
            int from = at;
            while (at < line.length() && ends.indexOf(line.charAt(at)) < 0) {
                at++;
            }
            return line.substring(from, at);
        }

        private String quoted() {
            expect('"');
            var text = new StringBuilder();
            while (peek() != '"') {
                char next = peek();
                at++;
                if (next == '\\') {
                    char escaped = peek();
                    at++;
                    next = escaped == 'n' ? '\n' : escaped;
                }
                text.append(next);
            }
            at++;
            return text.toString();
        }

        private char peek() {
            if (at >= line.length()) {
                throw flaw("more");
            }
            return line.charAt(at);
        }

        private void expect(char wanted) {
            if (peek() != wanted) {
                throw flaw("'" + wanted + "'");
            }
            at++;
        }

        private IllegalArgumentException flaw(String expected) {
            return new IllegalArgumentException(line + " (expected at character " + (at + 1) + ": " + expected + ")");
        }
    }
}
