package io.tickstorm.proxy.http1;

import org.jspecify.annotations.Nullable;

/** The first line of an answer: RFC 9112 section 4. */
final class StatusLine {
    private static final byte[] VERSION = Words.ascii("HTTP/1.");
    private static final int START = 9;

    /** {@code HTTP/1.1 200}: the shortest one; servers leave out the SP before an empty reason. */
    private static final int STATUS_END = 12;

    private final byte[] bytes;
    private int status;
    private int end;
    private boolean http10;
    private @Nullable Flaw flaw;

    StatusLine(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Scans the line at the start of the bytes; returns the start of the next one, or as {@link Fields#scan} does. */
    int scan(int limit) {
        flaw = null;
        int at = 0;
        while (at < limit && Grammar.value(bytes[at])) {
            at++;
        }
        if (at < limit && bytes[at] != Grammar.CR) {
            return flawed(bytes[at] == Grammar.LF ? Flaw.BARE_LF : Flaw.STATUS_LINE);
        }
        if (at + 1 >= limit) {
            return Fields.INCOMPLETE;
        }
        if (bytes[at + 1] != Grammar.LF) {
            return flawed(Flaw.BARE_CR);
        }
        return judge(at) ? at + 2 : flawed(Flaw.STATUS_LINE);
    }

    private boolean judge(int lineEnd) {
        boolean wellFormed = lineEnd >= STATUS_END
                && Grammar.exactly(bytes, 0, VERSION.length, VERSION)
                && Grammar.digit(bytes[7])
                && bytes[8] == Grammar.SP
                && bytes[9] >= '1'
                && bytes[9] <= '5'
                && Grammar.digit(bytes[10])
                && Grammar.digit(bytes[11])
                && (lineEnd == STATUS_END || bytes[STATUS_END] == Grammar.SP);
        if (!wellFormed) {
            return false;
        }
        http10 = bytes[7] == '0';
        status = (bytes[9] - '0') * 100 + (bytes[10] - '0') * 10 + bytes[11] - '0';
        end = lineEnd;
        return true;
    }

    private int flawed(Flaw found) {
        flaw = found;
        return Fields.FLAWED;
    }

    @Nullable
    Flaw flaw() {
        return flaw;
    }

    /** 100..599. */
    int status() {
        return status;
    }

    boolean http10() {
        return http10;
    }

    /** Appends status, SP and the reason as it came. */
    void appendTo(Assembly out) {
        out.add(bytes, START, STATUS_END).add(' ').add(bytes, Math.min(STATUS_END + 1, end), end);
    }
}
