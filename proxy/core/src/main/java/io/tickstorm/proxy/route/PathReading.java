package io.tickstorm.proxy.route;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The two ways in which servers read one path. They agree that a percent-encoded letter, digit or {@code - . _ ~} is the
 * character itself (RFC 3986 section 6.2.2). They do not agree on these:
 *
 * <ul>
 *   <li>whether {@code \}, {@code %2F} and {@code %5C} separate segments;
 *   <li>whether an empty segment is one;
 *   <li>whether {@code ;} ends a segment's name (RFC 3986 section 3.3 leaves parameters to the server).
 * </ul>
 *
 * <p>The strict reading says no to all, the loose one yes. Whatever a server makes of a path, the prefixes that it finds in it
 * (none of which has any of these) are among those of the loose reading and have among them those of the strict one. So where
 * both have the same route, every reading has. That holds without dot segments only; a path that has one, however it is
 * spelt, has no reading here.
 *
 * @param strict canonical: unreserved characters decoded, other escapes with upper-case digits
 * @param loose the same with plain segments only
 */
record PathReading(byte[] strict, byte[] loose) {
    /** Whether a path has but one reading, which is what is written: then no {@link #of} is needed. Most paths are so. */
    static boolean plain(byte[] path, int from, int to) {
        for (int at = from; at < to; at++) {
            switch (path[at]) {
                case '/' -> {
                    // an empty segment, or one that begins with a dot and may be nothing else
                    if (at + 1 < to && (path[at + 1] == '/' || path[at + 1] == '.')) {
                        return false;
                    }
                }
                case '%' -> {
                    if (!plainEscape(path, at, to)) {
                        return false;
                    }
                    at += 2;
                }
                case '\\', ';' -> {
                    return false;
                }
                default -> {}
            }
        }
        return true;
    }

    private static boolean plainEscape(byte[] path, int at, int to) {
        int value = escaped(path, at, to);
        return value > 0
                && !unreserved(value)
                && value != '/'
                && value != '\\'
                && path[at + 1] <= 'F'
                && path[at + 2] <= 'F';
    }

    /**
     * Reads a path.
     *
     * @return null if it has a dot segment, an escape that is none, or {@code %00}, which ends a path for servers in C
     */
    static @Nullable PathReading of(byte[] path, int from, int to) {
        var strict = new Canonical(to - from);
        var loose = new LooseCanonical(to - from);
        for (int at = from; at < to; at++) {
            if (path[at] == '%') {
                int value = escaped(path, at, to);
                if (value <= 0) {
                    return null;
                }
                at += 2;
                if (unreserved(value)) {
                    strict.add(value);
                    loose.add(value);
                } else {
                    strict.addEscape(value);
                    if (value == '/' || value == '\\') {
                        loose.separate();
                    } else {
                        loose.addEscape(value);
                    }
                }
            } else {
                strict.add(path[at]);
                switch (path[at]) {
                    case '/', '\\' -> loose.separate();
                    case ';' -> loose.parameter();
                    default -> loose.add(path[at]);
                }
            }
        }
        loose.separate();
        return loose.dots ? null : new PathReading(strict.bytes(), loose.bytes());
    }

    /** The canonical text of a path without a slash at its end; null if it can be read in more than one way. */
    static @Nullable String unambiguous(String path) {
        var bytes = path.getBytes(StandardCharsets.US_ASCII);
        var reading = of(bytes, 0, bytes.length);
        return reading != null && java.util.Arrays.equals(reading.strict, reading.loose)
                ? new String(reading.strict, StandardCharsets.US_ASCII)
                : null;
    }

    /** The byte that an escape means, or -1 if it is none. */
    private static int escaped(byte[] path, int at, int to) {
        if (to - at < 3) {
            return -1;
        }
        int high = Character.digit(path[at + 1], 16);
        int low = Character.digit(path[at + 2], 16);
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }

    /** RFC 3986 section 2.3. */
    private static boolean unreserved(int c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~';
    }

    /** A path that is being written; never longer than the one it is made from. */
    private static class Canonical {
        private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

        final byte[] bytes;
        int length;

        Canonical(int capacity) {
            bytes = new byte[capacity];
        }

        void add(int c) {
            bytes[length++] = (byte) c;
        }

        final void addEscape(int value) {
            add('%');
            add(HEX[value >>> 4]);
            add(HEX[value & 15]);
        }

        final byte[] bytes() {
            return java.util.Arrays.copyOf(bytes, length);
        }
    }

    /** Drops what is no plain segment. */
    private static final class LooseCanonical extends Canonical {
        private int segment;
        private boolean slash;
        private boolean ended;
        boolean dots;

        LooseCanonical(int capacity) {
            super(capacity);
        }

        @Override
        void add(int c) {
            if (ended) {
                return;
            }
            if (slash) {
                slash = false;
                super.add('/');
                segment = length;
            }
            super.add(c);
        }

        /** What follows, up to the next separator, is no part of the segment's name. */
        void parameter() {
            ended = true;
        }

        void separate() {
            int name = length - segment;
            dots |= !slash && (name == 1 || name == 2) && bytes[segment] == '.' && bytes[length - 1] == '.';
            slash = true;
            ended = false;
        }
    }
}
