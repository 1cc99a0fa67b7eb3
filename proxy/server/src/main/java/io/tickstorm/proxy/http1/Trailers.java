package io.tickstorm.proxy.http1;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/**
 * Which fields may stand in a trailer section: RFC 9110 section 6.5.1. Left out are those that frame, route, authenticate, ask
 * for conditions, control the answer or tell its format, and those that we write or drop ourselves: whoever acts on fields has done so
 * when the head came, and one that comes late would be believed by the next server though nobody has judged it.
 */
public final class Trailers {
    private static final Set<String> FORBIDDEN = Set.of(
            "age",
            "authorization",
            "cache-control",
            "connection",
            "cookie",
            "date",
            "expect",
            "expires",
            "forwarded",
            "host",
            "http2-settings",
            "idempotency-key",
            "keep-alive",
            "location",
            "max-forwards",
            "pragma",
            "range",
            "retry-after",
            "set-cookie",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "vary",
            "via",
            "warning",
            "www-authenticate",
            "x-real-ip",
            "x-request-id");

    /** RFC 9530 has digests of content in trailers: they are known only when the content is. */
    private static final String DIGEST = "content-digest";

    private Trailers() {}

    /** Whether the field whose name is in this range may go on. {@code _} and {@code -} are one here, as in heads. */
    public static boolean pass(ByteBuf in, int from, int to) {
        return pass(in.toString(from, to - from, StandardCharsets.ISO_8859_1));
    }

    /** Whether a field of this name, in any case, may go on. */
    public static boolean pass(String name) {
        var folded = name.toLowerCase(Locale.ROOT).replace('_', '-');
        return !FORBIDDEN.contains(folded)
                && !folded.startsWith("if-")
                && !folded.startsWith("proxy-")
                && !folded.startsWith("x-forwarded-")
                && (!folded.startsWith("content-") || name.equalsIgnoreCase(DIGEST));
    }
}
