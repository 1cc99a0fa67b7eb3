package io.tickstorm.proxy.http1;

import org.jspecify.annotations.Nullable;

/** What the Connection fields of one head say, and the removal of what they name: RFC 9110 section 7.6.1. */
final class ConnectionField {
    private static final byte[] CLOSE = Words.ascii("close");
    private static final byte[] KEEP_ALIVE = Words.ascii("keep-alive");
    private static final byte[] UPGRADE = Words.ascii("upgrade");

    private boolean close;
    private boolean keepAlive;
    private boolean upgrade;
    private boolean nominates;

    void clear() {
        nominates = false;
        close = false;
        keepAlive = false;
        upgrade = false;
    }

    boolean close() {
        return close;
    }

    boolean keepAlive() {
        return keepAlive;
    }

    boolean upgrade() {
        return upgrade;
    }

    /** Whether it names a field that may also come as a trailer. */
    boolean nominates() {
        return nominates;
    }

    /**
     * Takes in one Connection field and drops it, and every field it names. One that is not hop-by-hop cannot be named: from a
     * client that is an attempt to have a field removed on which somebody behind us relies.
     */
    @Nullable
    Flaw read(byte[] bytes, Fields fields, int field) {
        fields.drop(field);
        int to = fields.valueEnd(field);
        int at = fields.valueStart(field);
        while (at < to) {
            int end = Words.elementEnd(bytes, at, to);
            int start = Words.skipSpace(bytes, at, end);
            var flaw = option(bytes, fields, start, Words.trimEnd(bytes, start, end));
            if (flaw != null) {
                return flaw;
            }
            at = end + 1;
        }
        return null;
    }

    private @Nullable Flaw option(byte[] bytes, Fields fields, int from, int to) {
        if (from == to) {
            return null; // empty elements of a list count for nothing: RFC 9110 section 5.6.1.2
        }
        if (!Words.token(bytes, from, to)) {
            return Flaw.CONNECTION;
        }
        if (Grammar.is(bytes, from, to, CLOSE)) {
            close = true;
        } else if (Grammar.is(bytes, from, to, KEEP_ALIVE)) {
            keepAlive = true;
        } else if (Grammar.is(bytes, from, to, UPGRADE)) {
            upgrade = true;
        } else {
            var name = FieldName.of(bytes, from, to);
            if (name.shielded() || name == FieldName.DISGUISED) {
                return Flaw.CONNECTION_NAMES_PROTECTED;
            }
            nominates |= name == FieldName.OTHER || name == FieldName.TRAILER;
            fields.dropNamed(from, to);
        }
        return null;
    }
}
