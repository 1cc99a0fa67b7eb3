package io.tickstorm.proxy.gzip;

import io.tickstorm.proxy.http1.ResponseHead;
import io.tickstorm.proxy.http1.Text;
import io.tickstorm.proxy.listener.CompressionSettings;
import org.jspecify.annotations.Nullable;

/** Which requests ask for gzip, and which answers may come in it (RFC 9110 sections 8.4 and 12.5.3). Immutable. */
public final class Compression {
    private static final String GZIP = "gzip";

    private final CompressionSettings settings;

    public Compression(CompressionSettings settings) {
        this.settings = settings;
    }

    /** 1..9 */
    public int level() {
        return settings.level();
    }

    /** Whether a client that sent this {@code Accept-Encoding} takes gzip; null = it sent none. */
    public static boolean accepted(@Nullable CharSequence acceptEncoding) {
        if (acceptEncoding == null) {
            return false;
        }
        boolean any = false;
        int from = 0;
        while (from <= acceptEncoding.length()) {
            int to = indexOf(acceptEncoding, ',', from);
            int nameEnd = Math.min(to, indexOf(acceptEncoding, ';', from));
            var name = trim(acceptEncoding, from, nameEnd);
            boolean wanted = !zeroQuality(acceptEncoding, nameEnd, to);
            if (equals(name, GZIP) || equals(name, "x-gzip")) {
                return wanted;
            }
            any |= wanted && equals(name, "*");
            from = to + 1;
        }
        return any;
    }

    /** {@code q=0}, {@code q=0.0} and so on: not acceptable. */
    private static boolean zeroQuality(CharSequence text, int from, int to) {
        int at = indexOf(text, '=', from);
        if (at >= to) {
            return false;
        }
        for (int i = at + 1; i < to; i++) {
            char c = text.charAt(i);
            if (c >= '1' && c <= '9') {
                return false;
            }
        }
        return true;
    }

    /** Whether the body behind this head is of a kind that is sent in gzip to who asks: only then does the answer vary. */
    public boolean concerns(ResponseHead head) {
        return head.status() != 206
                && head.field("content-encoding") == null
                && listed(head.field("content-type"))
                && !forbidden(head.field("cache-control"));
    }

    /** Whether it is worth while. */
    public boolean worthwhile(ResponseHead head) {
        return head.bodyLength() < 0 || head.bodyLength() >= Math.max(1, settings.minSize());
    }

    private boolean listed(@Nullable Text contentType) {
        if (contentType == null) {
            return false;
        }
        var type = trim(contentType, 0, indexOf(contentType, ';', 0));
        for (var each : settings.types()) {
            int kind = each.length() - 1;
            if (each.endsWith("/*")
                    ? type.length() > kind && equals(type.subSequence(0, kind), each.substring(0, kind))
                    : equals(type, each)) {
                return true;
            }
        }
        return false;
    }

    /** RFC 9110 section 7.7: what must not be transformed. */
    private static boolean forbidden(@Nullable Text cacheControl) {
        if (cacheControl == null) {
            return false;
        }
        int from = 0;
        while (from <= cacheControl.length()) {
            int to = indexOf(cacheControl, ',', from);
            if (equals(trim(cacheControl, from, to), "no-transform")) {
                return true;
            }
            from = to + 1;
        }
        return false;
    }

    private static int indexOf(CharSequence text, char wanted, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) != wanted) {
            at++;
        }
        return at;
    }

    private static CharSequence trim(CharSequence text, int from, int to) {
        int start = from;
        int end = to;
        while (start < end && (text.charAt(start) == ' ' || text.charAt(start) == '\t')) {
            start++;
        }
        while (end > start && (text.charAt(end - 1) == ' ' || text.charAt(end - 1) == '\t')) {
            end--;
        }
        return text.subSequence(start, end);
    }

    private static boolean equals(CharSequence text, String lowerCase) {
        if (text.length() != lowerCase.length()) {
            return false;
        }
        for (int i = 0; i < lowerCase.length(); i++) {
            char c = text.charAt(i);
            if ((c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c) != lowerCase.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
