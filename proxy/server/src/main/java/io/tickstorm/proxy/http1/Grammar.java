package io.tickstorm.proxy.http1;

/** Which bytes may stand where: the character classes of RFC 9110 section 5.6 and RFC 3986. */
final class Grammar {
    static final byte CR = '\r';
    static final byte LF = '\n';
    static final byte SP = ' ';
    static final byte TAB = '\t';

    private static final byte TOKEN = 1;
    private static final byte VALUE = 2;
    private static final byte TARGET = 4;
    private static final byte HOST = 8;
    private static final byte REQUEST_ID = 16;

    private static final byte[] CLASSES = classes();
    private static final byte[] FOLDED = folded();

    private Grammar() {}

    /** tchar of RFC 9110 section 5.6.2. */
    static boolean token(byte b) {
        return (CLASSES[b & 0xff] & TOKEN) != 0;
    }

    /** VCHAR, SP, HTAB and obs-text of RFC 9110 section 5.5. */
    static boolean value(byte b) {
        return (CLASSES[b & 0xff] & VALUE) != 0;
    }

    /**
     * What a request target may consist of. Wider than RFC 3986 by what browsers send unescaped (WHATWG URL lets
     * {@code [ ] \ ^ ` { | }} through in a query), but no control, space, quote, angle bracket, {@code #} or non-ASCII byte.
     */
    static boolean target(byte b) {
        return (CLASSES[b & 0xff] & TARGET) != 0;
    }

    /** reg-name of RFC 3986 without the comma, which would make two hosts of one where fields are joined. */
    static boolean host(byte b) {
        return (CLASSES[b & 0xff] & HOST) != 0;
    }

    /** What we accept in the request id of a client: nothing that needs escaping in a log, a URL or a shell. */
    static boolean requestId(byte b) {
        return (CLASSES[b & 0xff] & REQUEST_ID) != 0;
    }

    static boolean digit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** The value of a hexadecimal digit, or -1. */
    static int hex(byte b) {
        if (digit(b)) {
            return b - '0';
        }
        int lower = b | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    /** Lower case, and {@code -} for {@code _}: the two that servers behind us may take for one another (CGI does). */
    static byte fold(byte b) {
        return FOLDED[b & 0xff];
    }

    /** Whether the range is this word, letters compared without case. */
    static boolean is(byte[] bytes, int from, int to, byte[] lowerCase) {
        if (to - from != lowerCase.length) {
            return false;
        }
        for (int i = 0; i < lowerCase.length; i++) {
            if (lower(bytes[from + i]) != lowerCase[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether the range is this name, letters compared without case on both sides. */
    static boolean is(byte[] bytes, int from, int to, String name) {
        if (to - from != name.length()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (lower(bytes[from + i]) != lower((byte) name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static int lower(byte b) {
        return b >= 'A' && b <= 'Z' ? b | 0x20 : b;
    }

    /** Whether the range is exactly this word. */
    static boolean exactly(byte[] bytes, int from, int to, byte[] word) {
        return java.util.Arrays.equals(bytes, from, to, word, 0, word.length);
    }

    private static byte[] classes() {
        var classes = new byte[256];
        for (int c = '!'; c <= '~'; c++) {
            boolean alphanumeric = c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z';
            if (alphanumeric || "!#$%&'*+-.^_`|~".indexOf(c) >= 0) {
                classes[c] |= TOKEN;
            }
            if ("\"#<>".indexOf(c) < 0) {
                classes[c] |= TARGET;
            }
            if (alphanumeric || "-._~%!$&'()*+;=".indexOf(c) >= 0) {
                classes[c] |= HOST;
            }
            if (alphanumeric || "-._~+/=:".indexOf(c) >= 0) {
                classes[c] |= REQUEST_ID;
            }
        }
        for (int c = 0; c < 256; c++) {
            if (c == TAB || c >= SP && c != 0x7f) {
                classes[c] |= VALUE;
            }
        }
        return classes;
    }

    private static byte[] folded() {
        var folded = new byte[256];
        for (int c = 0; c < 256; c++) {
            folded[c] = (byte) (c >= 'A' && c <= 'Z' ? c | 0x20 : c == '_' ? '-' : c);
        }
        return folded;
    }
}
