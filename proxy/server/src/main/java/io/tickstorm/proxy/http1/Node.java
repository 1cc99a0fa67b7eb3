package io.tickstorm.proxy.http1;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One hop in a list of those that a request has come through. */
final class Node {
    /** RFC 7239 section 6: an obfuscated identifier, or port. */
    private static final Pattern OBFUSCATED = Pattern.compile("_[A-Za-z0-9._-]+");

    private static final String UNKNOWN = "unknown";
    private static final int MAX_PORT_DIGITS = 5;

    private Node() {}

    /**
     * The address in {@code 192.0.2.1}, {@code 2001:db8::1} or {@code [2001:db8::1]}, each but the second with a port or
     * without; null if it is anything else. Nothing is resolved.
     */
    static @Nullable InetAddress address(String text) {
        var host = text;
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            if (end < 0 || !port(text, end + 1)) {
                return null;
            }
            host = text.substring(1, end);
            return host.indexOf(':') < 0 ? null : literal(host);
        }
        int colon = text.indexOf(':');
        if (colon >= 0 && colon == text.lastIndexOf(':')) {
            host = text.substring(0, colon);
            return port(text, colon) ? literal(host) : null;
        }
        return literal(host);
    }

    /** Whether it is a node as RFC 7239 section 6 has it: IPv6 in brackets, {@code unknown} or obfuscated, a port or not. */
    static boolean valid(String text) {
        if (text.startsWith("[") || address(text) != null && text.indexOf(':') == text.lastIndexOf(':')) {
            return address(text) != null;
        }
        int colon = text.indexOf(':');
        var name = colon < 0 ? text : text.substring(0, colon);
        boolean named = name.equals(UNKNOWN) || OBFUSCATED.matcher(name).matches() || NetUtil.isValidIpV4Address(name);
        return named
                && (colon < 0
                        || port(text, colon)
                        || OBFUSCATED.matcher(text.substring(colon + 1)).matches());
    }

    private static @Nullable InetAddress literal(String host) {
        // a zone means something on one machine only
        return host.isEmpty() || host.indexOf('%') >= 0 || host.indexOf('[') >= 0
                ? null
                : NetUtil.createInetAddressFromIpAddressString(host);
    }

    /** Whether what is left is nothing, or a colon and a port. */
    private static boolean port(String text, int at) {
        if (at == text.length()) {
            return true;
        }
        int digits = text.length() - at - 1;
        if (text.charAt(at) != ':' || digits < 1 || digits > MAX_PORT_DIGITS) {
            return false;
        }
        for (int i = at + 1; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return Integer.parseInt(text, at + 1, text.length(), 10) <= 65_535;
    }
}
