package io.tickstorm.proxy.http1;

import org.jspecify.annotations.Nullable;

/** The field lines of one head as offsets into its bytes, and which of them are left out when it is assembled again. */
final class Fields {
    /** {@link #scan}: the blank line has not come yet. */
    static final int INCOMPLETE = 0;

    /** {@link #scan}: see {@link #flaw()}. */
    static final int FLAWED = -1;

    private final byte[] bytes;
    private final FieldName[] names;
    private final int[] starts;
    private final int[] nameEnds;
    private final int[] valueStarts;
    private final int[] valueEnds;
    private final int[] ends;
    private final boolean[] dropped;
    private int count;
    private @Nullable Flaw flaw;

    Fields(byte[] bytes, int limit) {
        this.bytes = bytes;
        names = new FieldName[limit];
        starts = new int[limit];
        nameEnds = new int[limit];
        valueStarts = new int[limit];
        valueEnds = new int[limit];
        ends = new int[limit];
        dropped = new boolean[limit];
    }

    /**
     * Scans the field lines that begin at {@code start}.
     *
     * @param limit where the bytes that have come end
     * @return where the head ends, behind its blank line; or {@link #INCOMPLETE} or {@link #FLAWED}
     */
    int scan(int start, int limit) {
        count = 0;
        flaw = null;
        int at = start;
        while (true) {
            if (at >= limit) {
                return INCOMPLETE;
            }
            byte first = bytes[at];
            if (first == Grammar.CR) {
                if (at + 1 == limit) {
                    return INCOMPLETE;
                }
                return bytes[at + 1] == Grammar.LF ? at + 2 : flawed(Flaw.BARE_CR);
            }
            if (first == Grammar.SP || first == Grammar.TAB) {
                return flawed(Flaw.FOLDED);
            }
            at = line(at, limit);
            if (at <= 0) {
                return at;
            }
        }
    }

    /** Scans one field line; returns the start of the next one. */
    private int line(int start, int limit) {
        int at = start;
        while (at < limit && Grammar.token(bytes[at])) {
            at++;
        }
        if (at == limit) {
            return INCOMPLETE;
        }
        if (bytes[at] != ':' || at == start) {
            return flawed(nameFlaw(bytes[at], at == start));
        }
        int nameEnd = at++;
        while (at < limit && (bytes[at] == Grammar.SP || bytes[at] == Grammar.TAB)) {
            at++;
        }
        int valueStart = at;
        while (at < limit && Grammar.value(bytes[at])) {
            at++;
        }
        if (at == limit) {
            return INCOMPLETE;
        }
        if (bytes[at] != Grammar.CR) {
            return flawed(bytes[at] == Grammar.LF ? Flaw.BARE_LF : Flaw.FIELD_VALUE);
        }
        if (at + 1 == limit) {
            return INCOMPLETE;
        }
        if (bytes[at + 1] != Grammar.LF) {
            return flawed(Flaw.BARE_CR);
        }
        if (count == names.length) {
            return flawed(Flaw.TOO_MANY_FIELDS);
        }
        add(start, nameEnd, valueStart, at);
        return at + 2;
    }

    private static Flaw nameFlaw(byte found, boolean empty) {
        if (found == Grammar.LF) {
            return Flaw.BARE_LF;
        }
        boolean space = found == Grammar.SP || found == Grammar.TAB;
        return space && !empty ? Flaw.SPACE_BEFORE_COLON : Flaw.FIELD_NAME;
    }

    private void add(int start, int nameEnd, int valueStart, int lineEnd) {
        int valueEnd = lineEnd;
        while (valueEnd > valueStart && (bytes[valueEnd - 1] == Grammar.SP || bytes[valueEnd - 1] == Grammar.TAB)) {
            valueEnd--;
        }
        names[count] = FieldName.of(bytes, start, nameEnd);
        starts[count] = start;
        nameEnds[count] = nameEnd;
        valueStarts[count] = valueStart;
        valueEnds[count] = valueEnd;
        ends[count] = lineEnd + 2;
        dropped[count] = false;
        count++;
    }

    private int flawed(Flaw found) {
        flaw = found;
        return FLAWED;
    }

    /** What {@link #scan} found wrong; null unless it returned {@link #FLAWED}. */
    @Nullable
    Flaw flaw() {
        return flaw;
    }

    /** Forgets the lines of the head before. */
    void clear() {
        count = 0;
    }

    /** The first line of this name, letters compared without case; -1 if there is none. */
    int named(String name) {
        return named(name, 0);
    }

    /** The first line of this name that is this one or after it. */
    int named(String name, int first) {
        for (int field = first; field < count; field++) {
            if (Grammar.is(bytes, starts[field], nameEnds[field], name)) {
                return field;
            }
        }
        return -1;
    }

    /** What all lines of this name say, as one list (RFC 9110 section 5.3); empty if there is none. */
    String joined(String name) {
        int field = named(name);
        if (field < 0) {
            return "";
        }
        var text = new StringBuilder(value(field));
        for (int next = named(name, field + 1); next >= 0; next = named(name, next + 1)) {
            text.append(", ").append(value(next));
        }
        return text.toString();
    }

    /** What the line of this name says; empty if there is none or more than one. */
    String only(String name) {
        int field = named(name);
        return field < 0 || named(name, field + 1) >= 0 ? "" : value(field).toString();
    }

    Text value(int field) {
        return new Text(bytes, valueStarts[field], valueEnds[field]);
    }

    int count() {
        return count;
    }

    FieldName name(int field) {
        return names[field];
    }

    /** Where the value begins, white space around it excluded. */
    int valueStart(int field) {
        return valueStarts[field];
    }

    int valueEnd(int field) {
        return valueEnds[field];
    }

    boolean valueIs(int field, byte[] lowerCase) {
        return Grammar.is(bytes, valueStarts[field], valueEnds[field], lowerCase);
    }

    /** Whether the value is exactly this text of ASCII. */
    boolean valueIs(int field, String text) {
        int from = valueStarts[field];
        if (valueEnds[field] - from != text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (bytes[from + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Leaves the line out. */
    void drop(int field) {
        dropped[field] = true;
    }

    /** Leaves out every line of this name, or none of them. */
    void dropAll(FieldName name, boolean drop) {
        for (int field = 0; field < count; field++) {
            if (names[field] == name) {
                dropped[field] = drop;
            }
        }
    }

    /** Leaves out every line of this name, letters compared without case. */
    void dropNamed(int from, int to) {
        for (int field = 0; field < count; field++) {
            if (sameName(field, from, to)) {
                dropped[field] = true;
            }
        }
    }

    private boolean sameName(int field, int from, int to) {
        int length = to - from;
        if (nameEnds[field] - starts[field] != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            byte a = bytes[starts[field] + i];
            byte b = bytes[from + i];
            // '_' and '-' are one here as well: a nominated name must not survive in its other spelling
            if (Grammar.fold(a) != Grammar.fold(b)) {
                return false;
            }
        }
        return true;
    }

    /** Appends the lines that are left, neighbours in one copy. */
    void appendTo(Assembly out) {
        int field = 0;
        while (field < count) {
            if (dropped[field]) {
                field++;
                continue;
            }
            int from = starts[field];
            while (field < count && !dropped[field]) {
                field++;
            }
            out.add(bytes, from, ends[field - 1]);
        }
    }
}
