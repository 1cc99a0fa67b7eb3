package io.tickstorm.proxy.config;

import io.tickstorm.proxy.endpoint.IpFamily;
import io.tickstorm.proxy.settings.Durations;
import io.tickstorm.proxy.settings.Section;
import io.tickstorm.proxy.settings.Syntax;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A name of the DNS that stands for all endpoints.
 *
 * @param name absolute, with or without the last dot: search domains are not tried
 * @param port 1..65535 with {@link Type#ADDRESS}, 0 with {@link Type#SRV}
 * @param family of the addresses
 * @param resolvers who is asked, in this order; empty = the name servers of the system
 * @param minTtl the shortest time from one question to the next, 100 ms..1 h
 * @param maxTtl the longest, {@code minTtl}..24 h
 */
public record DnsSettings(
        String name,
        Type type,
        int port,
        IpFamily family,
        List<InetSocketAddress> resolvers,
        Duration minTtl,
        Duration maxTtl)
        implements DiscoverySettings {
    public static final Duration DEFAULT_MIN_TTL = Duration.ofSeconds(1);
    public static final Duration DEFAULT_MAX_TTL = Duration.ofSeconds(30);

    private static final int DNS_PORT = 53;
    private static final int MAX_PORT = 65_535;

    // RFC 1035 section 2.3.4 for the lengths; underscores as in RFC 2782 and in the names of Docker services.
    private static final Syntax<String> NAME = Syntax.matching(
            "(?=.{1,254}$)[a-zA-Z0-9_]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?(\\.[a-zA-Z0-9_]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?)*\\.?",
            "a name of the DNS");

    private static final Syntax<InetSocketAddress> RESOLVER = new Syntax<>(
            "an IP address, with or without a port, such as 10.96.0.10 or [::1]:5353", DnsSettings::resolver);

    /** What is asked for. */
    public enum Type {
        /** A and AAAA records; the port is given. */
        ADDRESS("Address"),
        /** SRV records (RFC 2782), which name hosts, ports and weights. */
        SRV("SRV");

        private final String text;

        Type(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    public DnsSettings {
        resolvers = List.copyOf(resolvers);
    }

    static DnsSettings read(Section section) {
        var name = section.text("name", NAME);
        var type = section.enumeration("type", Type.ADDRESS);
        if (type == Type.SRV) {
            section.refuse("port", "given (expected: none, SRV records have it)");
        }
        var minTtl = section.duration("minTtl", Duration.ofMillis(100), Duration.ofHours(1), DEFAULT_MIN_TTL);
        return new DnsSettings(
                name,
                type,
                type == Type.SRV ? 0 : section.integer("port", 1, MAX_PORT),
                section.enumeration("family", IpFamily.PREFER_IPV4),
                section.list("resolvers", RESOLVER),
                minTtl,
                section.duration(
                        "maxTtl",
                        minTtl,
                        Duration.ofHours(24),
                        minTtl.compareTo(DEFAULT_MAX_TTL) > 0 ? minTtl : DEFAULT_MAX_TTL));
    }

    @Override
    public Map<String, Object> toMap() {
        var map = new LinkedHashMap<String, Object>();
        map.put("name", name);
        map.put("type", type.toString());
        if (type == Type.ADDRESS) {
            map.put("port", port);
        }
        map.put("family", family.toString());
        if (!resolvers.isEmpty()) {
            map.put("resolvers", resolvers.stream().map(DnsSettings::text).toList());
        }
        map.put("minTtl", Durations.format(minTtl));
        map.put("maxTtl", Durations.format(maxTtl));
        return Map.of("dns", map);
    }

    private static @Nullable InetSocketAddress resolver(String text) {
        var bare = address(text);
        if (bare != null && text.indexOf('[') < 0) {
            return new InetSocketAddress(bare, DNS_PORT);
        }
        var endpoint = StaticEndpoint.SYNTAX.parse().apply(text);
        var address = endpoint == null ? null : address(endpoint.address());
        return endpoint == null || address == null ? null : new InetSocketAddress(address, endpoint.port());
    }

    private static @Nullable InetAddress address(String text) {
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException notAnAddress) {
            return null;
        }
    }

    private static String text(InetSocketAddress resolver) {
        var host = resolver.getAddress().getHostAddress();
        return (host.indexOf(':') >= 0 ? '[' + host + ']' : host) + ':' + resolver.getPort();
    }
}
