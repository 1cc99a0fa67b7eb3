package io.tickstorm.proxy.http1;

import java.nio.charset.StandardCharsets;

/** The grammar of a host with an optional port: RFC 3986 section 3.2.2, RFC 9110 section 4.2. */
final class Host {
    private static final int MAX_PORT_DIGITS = 5;
    /** A name of DNS has 253, and there may be a port. */
    private static final int MAX_NAME = 259;

    private Host() {}

    /** Whether the range is a host that an http URI may have: not empty, no user, nothing but a port behind it. */
    static boolean valid(byte[] bytes, int from, int to) {
        if (from == to) {
            return false;
        }
        int end = bytes[from] == '[' ? literalEnd(bytes, from, to) : nameEnd(bytes, from, to);
        return end > from && (end == to || validPort(bytes, end, to));
    }

    static boolean valid(String text) {
        return text.length() <= MAX_NAME && valid(text.getBytes(StandardCharsets.ISO_8859_1), 0, text.length());
    }

    private static int nameEnd(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && Grammar.host(bytes[at])) {
            at++;
        }
        return at;
    }

    /** The end of an IPv6 address in brackets, or -1. Its inside is not judged beyond its characters: nothing here connects to it. */
    private static int literalEnd(byte[] bytes, int from, int to) {
        int at = from + 1;
        while (at < to && (Grammar.hex(bytes[at]) >= 0 || bytes[at] == ':' || bytes[at] == '.')) {
            at++;
        }
        return at < to && at > from + 2 && bytes[at] == ']' ? at + 1 : -1;
    }

    /** Where the host ends in a range that is {@link #valid}: before its port, if it has one. */
    static int withoutPort(byte[] bytes, int from, int to) {
        int at = to;
        while (at > from && Grammar.digit(bytes[at - 1])) {
            at--;
        }
        return at > from && bytes[at - 1] == ':' ? at - 1 : to;
    }

    private static boolean validPort(byte[] bytes, int from, int to) {
        if (bytes[from] != ':' || to - from > MAX_PORT_DIGITS + 1) {
            return false;
        }
        int port = 0;
        for (int at = from + 1; at < to; at++) {
            if (!Grammar.digit(bytes[at])) {
                return false;
            }
            port = port * 10 + bytes[at] - '0';
        }
        return port <= 65_535;
    }
}
