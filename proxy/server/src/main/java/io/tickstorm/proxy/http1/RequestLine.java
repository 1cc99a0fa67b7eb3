package io.tickstorm.proxy.http1;

import org.jspecify.annotations.Nullable;

/** The first line of a request: RFC 9112 section 3, one SP between the parts and nothing else. */
final class RequestLine {
    private static final byte[] GET = Words.ascii("GET");
    private static final byte[] HEAD = Words.ascii("HEAD");
    private static final byte[] OPTIONS = Words.ascii("OPTIONS");
    private static final byte[] CONNECT = Words.ascii("CONNECT");
    private static final byte[] TRACE = Words.ascii("TRACE");
    private static final byte[] HTTP = Words.ascii("http://");
    private static final byte[] HTTPS = Words.ascii("https://");
    private static final byte[] VERSION = Words.ascii("HTTP/");
    private static final int VERSION_LENGTH = 8;

    private final byte[] bytes;
    private int end;
    private int methodStart;
    private int methodEnd;
    private int targetEnd;
    private int authorityStart;
    private int authorityEnd;
    private int pathStart;
    private boolean http10;
    private @Nullable Flaw flaw;

    RequestLine(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Scans the line at the start of the bytes; returns the start of the next one, or as {@link Fields#scan} does. */
    int scan(int limit) {
        end = 0;
        flaw = null;
        methodStart = 0;
        if (limit >= 2 && bytes[0] == Grammar.CR && bytes[1] == Grammar.LF) {
            // one empty line before the request is ignored: RFC 9112 section 2.2
            methodStart = 2;
        } else if (limit == 1 && bytes[0] == Grammar.CR) {
            return Fields.INCOMPLETE;
        }
        int lf = methodStart;
        while (lf < limit && bytes[lf] != Grammar.LF) {
            // what cannot become a request is refused at once, so that a TLS or binary client is not left waiting
            if (bytes[lf] < Grammar.SP && bytes[lf] != Grammar.CR) {
                return flawed(Flaw.REQUEST_LINE);
            }
            lf++;
        }
        if (lf == limit) {
            return Fields.INCOMPLETE;
        }
        if (lf == methodStart || bytes[lf - 1] != Grammar.CR) {
            return flawed(Flaw.BARE_LF);
        }
        end = lf + 1;
        var found = judge(lf - 1);
        return found == null ? end : flawed(found);
    }

    private @Nullable Flaw judge(int lineEnd) {
        methodEnd = methodStart;
        while (methodEnd < lineEnd && Grammar.token(bytes[methodEnd])) {
            methodEnd++;
        }
        if (methodEnd == methodStart || methodEnd == lineEnd || bytes[methodEnd] != Grammar.SP) {
            return methodEnd == lineEnd ? Flaw.REQUEST_LINE : Flaw.METHOD;
        }
        int targetStart = methodEnd + 1;
        targetEnd = targetStart;
        while (targetEnd < lineEnd && Grammar.target(bytes[targetEnd])) {
            targetEnd++;
        }
        if (targetEnd == lineEnd || targetEnd == targetStart) {
            return Flaw.REQUEST_LINE;
        }
        if (bytes[targetEnd] != Grammar.SP) {
            return Flaw.TARGET;
        }
        var found = version(targetEnd + 1, lineEnd);
        return found == null ? target(targetStart) : found;
    }

    private @Nullable Flaw version(int from, int to) {
        boolean wellFormed = to - from == VERSION_LENGTH
                && Grammar.exactly(bytes, from, from + VERSION.length, VERSION)
                && Grammar.digit(bytes[from + 5])
                && bytes[from + 6] == '.'
                && Grammar.digit(bytes[from + 7]);
        if (!wellFormed) {
            return Flaw.REQUEST_LINE;
        }
        // a higher minor version is treated as the highest we know: RFC 9110 section 2.5
        http10 = bytes[from + 7] == '0';
        return bytes[from + 5] == '1' ? null : Flaw.VERSION;
    }

    private @Nullable Flaw target(int from) {
        authorityStart = -1;
        authorityEnd = -1;
        pathStart = from;
        if (method(CONNECT)) {
            return Flaw.CONNECT;
        }
        if (method(TRACE)) {
            return Flaw.TRACE;
        }
        if (bytes[from] == '/') {
            return null;
        }
        if (targetEnd - from == 1 && bytes[from] == '*') {
            return method(OPTIONS) ? null : Flaw.TARGET;
        }
        return absolute(from);
    }

    private @Nullable Flaw absolute(int from) {
        if (startsWith(from, HTTP)) {
            authorityStart = from + HTTP.length;
        } else if (startsWith(from, HTTPS)) {
            authorityStart = from + HTTPS.length;
        } else {
            return Flaw.TARGET;
        }
        authorityEnd = authorityStart;
        while (authorityEnd < targetEnd && bytes[authorityEnd] != '/' && bytes[authorityEnd] != '?') {
            authorityEnd++;
        }
        pathStart = authorityEnd;
        return Host.valid(bytes, authorityStart, authorityEnd) ? null : Flaw.TARGET;
    }

    private boolean startsWith(int from, byte[] prefix) {
        return targetEnd - from > prefix.length && Grammar.is(bytes, from, from + prefix.length, prefix);
    }

    private boolean method(byte[] name) {
        return Grammar.exactly(bytes, methodStart, methodEnd, name);
    }

    private int flawed(Flaw found) {
        flaw = found;
        return Fields.FLAWED;
    }

    @Nullable
    Flaw flaw() {
        return flaw;
    }

    /** Where the line ends, or 0 while it has not come whole. */
    int end() {
        return end;
    }

    boolean http10() {
        return http10;
    }

    boolean get() {
        return method(GET);
    }

    boolean head() {
        return method(HEAD);
    }

    boolean safe() {
        return method(GET) || method(HEAD) || method(OPTIONS);
    }

    /** {@code OPTIONS *}, or {@code OPTIONS http://host}, which says the same (RFC 9112 section 3.2.4). */
    boolean asterisk() {
        return bytes[pathStart] == '*' || pathStart == targetEnd && method(OPTIONS);
    }

    /** Whether the target is in absolute form. */
    boolean hasAuthority() {
        return authorityStart >= 0;
    }

    int authorityStart() {
        return authorityStart;
    }

    int authorityEnd() {
        return authorityEnd;
    }

    int pathStart() {
        return pathStart;
    }

    /** Where the path ends, and the query begins if there is one. */
    int pathEnd() {
        int at = pathStart;
        while (at < targetEnd && bytes[at] != '?') {
            at++;
        }
        return at;
    }

    /** Appends method, SP and the target in origin form. */
    void appendTo(Assembly out) {
        out.add(bytes, methodStart, methodEnd).add(' ');
        if (pathStart == targetEnd || bytes[pathStart] == '?') {
            out.add('/');
        }
        out.add(bytes, pathStart, targetEnd);
    }

    String method() {
        return text(methodStart, methodEnd);
    }

    String authority() {
        return text(authorityStart, authorityEnd);
    }

    /** The target in origin form. */
    String target() {
        var path = text(pathStart, targetEnd);
        return path.isEmpty() || path.charAt(0) == '?' ? '/' + path : path;
    }

    private String text(int from, int to) {
        return new Text(bytes, from, to).toString();
    }
}
