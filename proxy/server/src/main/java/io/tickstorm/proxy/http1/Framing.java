package io.tickstorm.proxy.http1;

import org.jspecify.annotations.Nullable;

/**
 * What the Content-Length and Transfer-Encoding fields of one head say: RFC 9112 section 6, without the leniencies. Each may be
 * there once, not both, and the only coding is {@code chunked}.
 */
final class Framing {
    private static final byte[] CHUNKED = Words.ascii("chunked");
    private static final byte[] CODING_LINE = Words.ascii("transfer-encoding: chunked\r\n");
    private static final byte[] LENGTH = Words.ascii("content-length: ");

    /** Digits of a length: 10^18 - 1 bytes, which still fits a long. */
    private static final int MAX_DIGITS = 18;

    private long length;
    private boolean chunked;
    private boolean rewrite;

    void clear() {
        length = -1;
        chunked = false;
        rewrite = false;
    }

    /** Bytes of the body; -1 if no Content-Length says so. */
    long length() {
        return length;
    }

    boolean chunked() {
        return chunked;
    }

    /** Takes in a Content-Length; the line stays if it is a plain number, so that most heads need no line of ours. */
    @Nullable
    Flaw length(byte[] bytes, Fields fields, int field) {
        if (length >= 0) {
            return Flaw.LENGTH_REPEATED;
        }
        int from = fields.valueStart(field);
        int to = fields.valueEnd(field);
        while (from < to - 1 && bytes[from] == '0') {
            from++;
            rewrite = true;
        }
        if (from == to || to - from > MAX_DIGITS) {
            return Flaw.LENGTH;
        }
        long number = 0;
        for (int at = from; at < to; at++) {
            if (!Grammar.digit(bytes[at])) {
                return Flaw.LENGTH;
            }
            number = number * 10 + bytes[at] - '0';
        }
        length = number;
        if (rewrite) {
            fields.drop(field);
        }
        return chunked ? Flaw.LENGTH_AND_CODING : null;
    }

    /** Takes in a Transfer-Encoding; the line goes, ours takes its place. */
    @Nullable
    Flaw coding(Fields fields, int field) {
        if (chunked) {
            return Flaw.CODING_REPEATED;
        }
        if (!fields.valueIs(field, CHUNKED)) {
            return Flaw.CODING;
        }
        chunked = true;
        fields.drop(field);
        return length >= 0 ? Flaw.LENGTH_AND_CODING : null;
    }

    /** Appends our own line where the sender's was left out. */
    void appendTo(Assembly out) {
        if (chunked) {
            appendCoding(out);
        } else if (rewrite) {
            out.add(LENGTH).addDecimal(length).endLine();
        }
    }

    static void appendCoding(Assembly out) {
        out.add(CODING_LINE);
    }
}
