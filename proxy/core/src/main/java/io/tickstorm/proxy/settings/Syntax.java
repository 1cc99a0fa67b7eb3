package io.tickstorm.proxy.settings;

import java.net.InetAddress;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a text must look like, and what it then means.
 *
 * @param expected completes "expected:" in a message, for example {@code a name}
 * @param numbers whether a plain integer is taken as such a text, too
 * @param parse the meaning, or null if the text does not fit
 */
public record Syntax<T>(String expected, boolean numbers, Function<String, @Nullable T> parse) {
    // RFC 1123 section 2.1: labels of letters, digits and inner hyphens, 255 characters in all. A last label of digits
    // alone is taken for an IPv4 address, so such a name is refused: it is a mistyped address.
    private static final Pattern HOST_NAME = Pattern.compile(
            "(?=.{1,255}$)([a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\\.)*(?![0-9]+$)[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?");

    public Syntax(String expected, Function<String, @Nullable T> parse) {
        this(expected, false, parse);
    }

    /** The same, where what is meant can look like a number: a plain {@code 200} is then as good as a quoted one. */
    public Syntax<T> orNumber() {
        return new Syntax<>(expected, true, parse);
    }

    /** A text that matches a pattern as a whole, and means itself. */
    public static Syntax<String> matching(String pattern, String expected) {
        var compiled = Pattern.compile(pattern);
        return new Syntax<>(expected, text -> compiled.matcher(text).matches() ? text : null);
    }

    /** Any text that is not empty. */
    public static Syntax<String> anything() {
        return new Syntax<>("a text", text -> text.isEmpty() ? null : text);
    }

    /** A name of ours: lower case letters, digits and hyphens, at most 63 characters. */
    public static Syntax<String> name() {
        return matching("[a-z0-9-]{1,63}", "a name of at most 63 of a-z, 0-9 and -");
    }

    /** A name of Kubernetes (RFC 1123 label): as {@link #name()}, with a letter or digit at both ends. */
    public static Syntax<String> label() {
        return matching(
                "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?",
                "at most 63 of a-z, 0-9 and -, with a letter or digit at both ends");
    }

    /** An IPv4 or IPv6 address or a host name; nothing is resolved. */
    public static Syntax<String> host() {
        return new Syntax<>("an IP address or host name", text -> isHost(text) ? text : null);
    }

    private static boolean isHost(String text) {
        return isAddress(text) || HOST_NAME.matcher(text).matches();
    }

    static boolean isAddress(String text) {
        // ofLiteral also takes the old short and bracketed forms (10.1, [::1]); a configuration should not.
        boolean canonical =
                text.indexOf(':') >= 0 ? text.indexOf('[') < 0 : text.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
        if (!canonical) {
            return false;
        }
        try {
            return !InetAddress.ofLiteral(text).getHostAddress().isEmpty();
        } catch (IllegalArgumentException notAnAddress) {
            return false;
        }
    }
}
