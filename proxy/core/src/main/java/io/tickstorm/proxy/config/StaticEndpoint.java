package io.tickstorm.proxy.config;

import io.tickstorm.proxy.endpoint.Condition;
import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointId;
import io.tickstorm.proxy.settings.Section;
import io.tickstorm.proxy.settings.Syntax;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint as a configuration writes it.
 *
 * @param address IP address or host name
 * @param port 1..65535
 * @param name for people; the address and port if none is given
 * @param weight as {@link Endpoint} has it
 * @param zone null = not known
 */
public record StaticEndpoint(
        String address,
        int port,
        String name,
        int weight,
        @Nullable String zone) {
    static final Syntax<StaticEndpoint> SYNTAX =
            new Syntax<>("an address and port such as 10.0.0.1:8000 or [::1]:8000", StaticEndpoint::parse);

    /** One of which only the address is known. */
    public static StaticEndpoint of(String address, int port) {
        return new StaticEndpoint(
                address, port, new EndpointId("", address, port).address(), Endpoint.MIN_WEIGHT, null);
    }

    static StaticEndpoint read(Section section) {
        var plain = of(section.text("address", Syntax.host()), section.integer("port", 1, 65535));
        return new StaticEndpoint(
                plain.address(),
                plain.port(),
                section.text("name", Syntax.anything(), plain.name()),
                section.integer("weight", Endpoint.MIN_WEIGHT, Endpoint.MAX_WEIGHT, plain.weight()),
                section.optionalText("zone", Syntax.anything()));
    }

    private static @Nullable StaticEndpoint parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1 || !text.substring(colon + 1).matches("[1-9][0-9]{0,4}")) {
            return null;
        }
        int port = Integer.parseInt(text.substring(colon + 1));
        var host = text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        var bare = bracketed ? host.substring(1, host.length() - 1) : host;
        boolean fits = port <= 65535
                && bracketed == bare.indexOf(':') >= 0
                && Syntax.host().parse().apply(bare) != null;
        return fits ? of(bare, port) : null;
    }

    /** What discovery makes of it; a static endpoint has no UID. */
    public Endpoint endpoint() {
        return new Endpoint(new EndpointId("", address, port), name, zone, weight, Condition.ACTIVE, null);
    }

    Map<String, Object> toMap() {
        var map = new LinkedHashMap<String, Object>();
        map.put("address", address);
        map.put("port", port);
        map.put("name", name);
        map.put("weight", weight);
        if (zone != null) {
            map.put("zone", zone);
        }
        return map;
    }
}
