package io.tickstorm.proxy.route;

import io.tickstorm.proxy.settings.Syntax;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of a path, up to the end of a segment: {@code /api} is that of {@code /api} and {@code /api/v1}, not of
 * {@code /apis}.
 *
 * @param text canonical as {@link PathReading} has it, without a slash at its end: empty for any path
 */
public record PathPrefix(String text) {
    public static final PathPrefix ANY = new PathPrefix("");

    /** A slash at the end says nothing. What could be read in two ways is refused. */
    public static final Syntax<PathPrefix> SYNTAX =
            new Syntax<>("a path that begins with /, without empty and dot segments, ; \\ %2F %5C", PathPrefix::parse);

    private static final int LONGEST = 1024;

    static @Nullable PathPrefix parse(String text) {
        // RFC 3986 section 3.3, pchar and the slash; what else is there must be percent-encoded.
        if (!text.matches("/[A-Za-z0-9._~!$&'()*+,=:@/%-]{0," + (LONGEST - 1) + "}")) {
            return null;
        }
        var bare = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        var canonical = PathReading.unambiguous(bare);
        return canonical == null ? null : new PathPrefix(canonical);
    }

    /** As it is written in a configuration. */
    @Override
    public String toString() {
        return text.isEmpty() ? "/" : text;
    }
}
