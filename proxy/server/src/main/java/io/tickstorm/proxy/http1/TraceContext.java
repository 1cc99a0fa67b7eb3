package io.tickstorm.proxy.http1;

/** The grammar of {@code traceparent}: W3C Trace Context, section 3.2. */
final class TraceContext {
    private static final int TRACE_ID = 3;
    private static final int PARENT_ID = 36;
    private static final int FLAGS = 53;
    private static final int LENGTH = 55;

    private TraceContext() {}

    /** Whether the range is one that may be passed on. Later versions may be longer, after another dash (section 3.2.4). */
    static boolean valid(byte[] bytes, int from, int to) {
        if (to - from < LENGTH
                || bytes[from + 2] != '-'
                || bytes[from + PARENT_ID - 1] != '-'
                || bytes[from + FLAGS - 1] != '-') {
            return false;
        }
        boolean first = bytes[from] == '0' && bytes[from + 1] == '0';
        boolean forbidden = bytes[from] == 'f' && bytes[from + 1] == 'f';
        if (forbidden || to - from > LENGTH && (first || bytes[from + LENGTH] != '-')) {
            return false;
        }
        return hex(bytes, from, from + 2)
                && id(bytes, from + TRACE_ID, from + PARENT_ID - 1)
                && id(bytes, from + PARENT_ID, from + FLAGS - 1)
                && hex(bytes, from + FLAGS, from + LENGTH);
    }

    /** Not all zeros. */
    private static boolean id(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && bytes[at] == '0') {
            at++;
        }
        return at < to && hex(bytes, at, to);
    }

    /** Lower case only. */
    private static boolean hex(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            if (!Grammar.digit(bytes[at]) && (bytes[at] < 'a' || bytes[at] > 'f')) {
                return false;
            }
        }
        return true;
    }
}
