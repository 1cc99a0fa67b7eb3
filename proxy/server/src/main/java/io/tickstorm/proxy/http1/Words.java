package io.tickstorm.proxy.http1;

import java.nio.charset.StandardCharsets;

/** Words and lists in the bytes of a field value. */
final class Words {
    private Words() {}

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The end of the list element that begins at {@code from}: the next comma, or {@code to}. */
    static int elementEnd(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && bytes[at] != ',') {
            at++;
        }
        return at;
    }

    static int skipSpace(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && (bytes[at] == Grammar.SP || bytes[at] == Grammar.TAB)) {
            at++;
        }
        return at;
    }

    static int trimEnd(byte[] bytes, int from, int to) {
        int end = to;
        while (end > from && (bytes[end - 1] == Grammar.SP || bytes[end - 1] == Grammar.TAB)) {
            end--;
        }
        return end;
    }

    static boolean token(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            if (!Grammar.token(bytes[at])) {
                return false;
            }
        }
        return from < to;
    }

    /** Whether a comma-separated list has this element, letters compared without case. */
    static boolean listHas(byte[] bytes, int from, int to, byte[] lowerCase) {
        int at = from;
        while (at < to) {
            int end = elementEnd(bytes, at, to);
            int start = skipSpace(bytes, at, end);
            if (Grammar.is(bytes, start, trimEnd(bytes, start, end), lowerCase)) {
                return true;
            }
            at = end + 1;
        }
        return false;
    }

    /** The number that a list of {@code name=number} gives to a name, letters compared without case; -1 if it gives none. */
    static int parameter(byte[] bytes, int from, int to, byte[] lowerCase) {
        int at = from;
        while (at < to) {
            int end = elementEnd(bytes, at, to);
            int start = skipSpace(bytes, at, end);
            int equals = start + lowerCase.length;
            if (equals < end && bytes[equals] == '=' && Grammar.is(bytes, start, equals, lowerCase)) {
                return decimal(bytes, equals + 1, trimEnd(bytes, equals, end));
            }
            at = end + 1;
        }
        return -1;
    }

    /** A number that is written with 1 to 9 digits and nothing else, which fits an int; -1 if it is none. */
    static int decimal(byte[] bytes, int from, int to) {
        if (from >= to || to - from > 9) {
            return -1;
        }
        int number = 0;
        for (int at = from; at < to; at++) {
            if (!Grammar.digit(bytes[at])) {
                return -1;
            }
            number = number * 10 + bytes[at] - '0';
        }
        return number;
    }
}
