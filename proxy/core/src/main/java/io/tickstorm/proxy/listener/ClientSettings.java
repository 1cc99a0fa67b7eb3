package io.tickstorm.proxy.listener;

import io.tickstorm.proxy.settings.AddressRange;
import io.tickstorm.proxy.settings.Section;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How much one client may ask of a listener. A client is an IPv4 address, or a /64 of IPv6: that is what a single
 * subscriber gets, and within it he has addresses without end.
 *
 * @param connections open at once, 1..1,000,000; 0 = no limit
 * @param connecting new connections
 * @param requests HTTP requests; unlimited for TCP
 * @param messages for TCP, reads that brought bytes; unlimited for HTTP
 * @param tracked how many clients are remembered, 64..16,777,216; each takes 8 bytes for each rate that is limited
 * @param exempt who has no limits
 */
public record ClientSettings(
        int connections, Rate connecting, Rate requests, Rate messages, int tracked, List<AddressRange> exempt) {
    public static final ClientSettings UNLIMITED =
            new ClientSettings(0, Rate.UNLIMITED, Rate.UNLIMITED, Rate.UNLIMITED, 65_536, List.of());

    private static final int MOST_CONNECTIONS = 1_000_000;
    private static final int FEWEST_TRACKED = 64;
    private static final int MOST_TRACKED = 1 << 24;

    public ClientSettings {
        exempt = List.copyOf(exempt);
    }

    /** Reads {@code clients} of a listener of this protocol; what only the other one has is a problem. */
    public static ClientSettings read(Section section, Protocol protocol) {
        return new ClientSettings(
                section.integer("connections", 0, MOST_CONNECTIONS, UNLIMITED.connections()),
                Rate.read(section, "connection"),
                switch (protocol) {
                    case HTTP -> Rate.read(section, "request");
                    case TCP -> Rate.refuse(section, "request", "TCP has no requests (expected: messageRate)");
                },
                switch (protocol) {
                    case HTTP -> Rate.refuse(section, "message", "HTTP has no messages (expected: requestRate)");
                    case TCP -> Rate.read(section, "message");
                },
                section.integer("tracked", FEWEST_TRACKED, MOST_TRACKED, UNLIMITED.tracked()),
                section.list("exempt", AddressRange.SYNTAX));
    }

    public Map<String, Object> toMap(Protocol protocol) {
        var map = new LinkedHashMap<String, Object>();
        map.put("connections", connections);
        connecting.write(map, "connection");
        switch (protocol) {
            case HTTP -> requests.write(map, "request");
            case TCP -> messages.write(map, "message");
        }
        map.put("tracked", tracked);
        map.put("exempt", exempt.stream().map(AddressRange::toString).toList());
        return map;
    }
}
