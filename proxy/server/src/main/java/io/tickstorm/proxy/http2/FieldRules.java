package io.tickstorm.proxy.http2;

import io.netty.util.AsciiString;
import io.tickstorm.proxy.http1.Flaw;
import org.jspecify.annotations.Nullable;

/** What HTTP/2 asks of a regular field: RFC 9113 sections 8.2.1 and 8.2.2. */
final class FieldRules {
    private static final AsciiString CONNECTION = AsciiString.cached("connection");
    private static final AsciiString KEEP_ALIVE = AsciiString.cached("keep-alive");
    private static final AsciiString PROXY_CONNECTION = AsciiString.cached("proxy-connection");
    private static final AsciiString TRANSFER_ENCODING = AsciiString.cached("transfer-encoding");
    private static final AsciiString UPGRADE = AsciiString.cached("upgrade");
    private static final AsciiString TE = AsciiString.cached("te");
    private static final AsciiString TRAILERS = AsciiString.cached("trailers");

    private FieldRules() {}

    /** What is wrong with a field of a request, or of its trailers; null if nothing is. */
    static @Nullable Flaw judge(CharSequence name, CharSequence value) {
        var wrong = name(name);
        if (wrong != null) {
            return wrong;
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\r' || c == '\n' || c == 0) {
                return Flaw.FIELD_VALUE;
            }
        }
        if (TE.contentEquals(name)) {
            return TRAILERS.contentEqualsIgnoreCase(value) ? null : Flaw.CONNECTION_FIELD;
        }
        return ofConnection(name) ? Flaw.CONNECTION_FIELD : null;
    }

    private static @Nullable Flaw name(CharSequence name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                return Flaw.UPPER_CASE;
            }
            if (c <= ' ' || c >= 0x7f || c == ':') {
                return Flaw.FIELD_NAME;
            }
        }
        return name.isEmpty() ? Flaw.FIELD_NAME : null;
    }

    /** Whether it says something about a connection of HTTP/1.1, in whatever letters. */
    static boolean ofConnection(CharSequence name) {
        return CONNECTION.contentEqualsIgnoreCase(name)
                || KEEP_ALIVE.contentEqualsIgnoreCase(name)
                || PROXY_CONNECTION.contentEqualsIgnoreCase(name)
                || TRANSFER_ENCODING.contentEqualsIgnoreCase(name)
                || UPGRADE.contentEqualsIgnoreCase(name);
    }
}
