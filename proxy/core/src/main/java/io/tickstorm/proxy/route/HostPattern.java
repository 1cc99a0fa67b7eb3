package io.tickstorm.proxy.route;

import io.tickstorm.proxy.settings.Syntax;
import java.net.InetAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A host, or all names below a domain. Immutable.
 *
 * @param name in lower case; an IPv6 address in brackets, in its full form
 * @param wildcard whether names with one or more labels before it are meant, and not it itself
 */
public record HostPattern(String name, boolean wildcard) {
    /** {@code shop.example.org}, {@code *.example.org}, {@code 192.0.2.1}, {@code 2001:db8::1} or {@code [2001:db8::1]}. */
    public static final Syntax<HostPattern> SYNTAX =
            new Syntax<>("a host name, *. and a domain, or an IP address; without a port", HostPattern::parse);

    private static final String ANY_LABELS = "*.";

    static @Nullable HostPattern parse(String text) {
        if (text.startsWith(ANY_LABELS)) {
            var domain = text.substring(ANY_LABELS.length()).toLowerCase(Locale.ROOT);
            return Syntax.host().parse().apply(domain) != null && !isAddress(domain)
                    ? new HostPattern(domain, true)
                    : null;
        }
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        var host = bracketed ? text.substring(1, text.length() - 1) : text;
        if (Syntax.host().parse().apply(host) == null || host.indexOf('%') >= 0 || bracketed && host.indexOf(':') < 0) {
            return null;
        }
        return new HostPattern(host.indexOf(':') < 0 ? host.toLowerCase(Locale.ROOT) : literal(host), false);
    }

    /** An IPv6 address has many spellings; this is the one that is compared. */
    static String literal(String address) {
        return '[' + InetAddress.ofLiteral(address).getHostAddress() + ']';
    }

    private static boolean isAddress(String text) {
        return text.indexOf(':') >= 0 || text.matches("[0-9.]+");
    }

    /** As it is written in a configuration. */
    @Override
    public String toString() {
        return wildcard ? ANY_LABELS + name : name;
    }
}
