package io.tickstorm.proxy.endpoint;

import java.util.List;

/**
 * Which addresses of a host or pod that has both kinds are used: it is one endpoint, so only one kind is, or it would get
 * twice its share.
 */
public enum IpFamily {
    /** IPv6 only where there is no IPv4 address at all. */
    PREFER_IPV4("PreferIPv4"),
    /** IPv4 only where there is no IPv6 address at all. */
    PREFER_IPV6("PreferIPv6"),
    IPV4("IPv4"),
    IPV6("IPv6");

    private final String text;

    IpFamily(String text) {
        this.text = text;
    }

    /** Those of two alternatives that may be used, the one to be tried first in front. */
    public <T> List<T> order(T ipv4, T ipv6) {
        return switch (this) {
            case PREFER_IPV4 -> List.of(ipv4, ipv6);
            case PREFER_IPV6 -> List.of(ipv6, ipv4);
            case IPV4 -> List.of(ipv4);
            case IPV6 -> List.of(ipv6);
        };
    }

    @Override
    public String toString() {
        return text;
    }
}
