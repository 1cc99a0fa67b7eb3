package io.tickstorm.proxy.http1;

import org.jspecify.annotations.Nullable;

/** Pairs in the value of a Cookie field: RFC 6265 section 4.2.1, and what user agents send besides. */
final class Cookies {
    private Cookies() {}

    /** The value of the first pair of this name, letters as they are written; null if there is none. */
    static @Nullable Text find(byte[] bytes, int from, int to, String name) {
        int at = from;
        while (at < to) {
            int end = at;
            while (end < to && bytes[end] != ';') {
                end++;
            }
            int start = Words.skipSpace(bytes, at, end);
            int equals = start + name.length();
            if (equals < end && bytes[equals] == '=' && starts(bytes, start, name)) {
                return new Text(bytes, equals + 1, Words.trimEnd(bytes, equals + 1, end));
            }
            at = end + 1;
        }
        return null;
    }

    private static boolean starts(byte[] bytes, int from, String name) {
        for (int i = 0; i < name.length(); i++) {
            if (bytes[from + i] != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
