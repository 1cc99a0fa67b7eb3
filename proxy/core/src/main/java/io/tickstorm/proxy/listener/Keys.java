package io.tickstorm.proxy.listener;

import io.tickstorm.proxy.settings.Durations;
import io.tickstorm.proxy.settings.Section;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the limits of all protocols have in common. */
final class Keys {
    static final List<String> HTTP_ONLY =
            List.of("headerTimeout", "requestTimeout", "responseTimeout", "maxHeaderSize");

    private static final int MOST_CONNECTIONS = 1_000_000;
    private static final Duration LONGEST = Duration.ofHours(24);
    private static final Duration SHORTEST_CONNECT = Duration.ofMillis(1);
    // Longer than the kernel's own give-up (net.ipv4.tcp_syn_retries: 127 s) would never be reached.
    private static final Duration LONGEST_CONNECT = Duration.ofMinutes(2);

    private Keys() {}

    static int maxConnections(Section section, ListenerLimits fallback) {
        return section.integer("maxConnections", 1, MOST_CONNECTIONS, fallback.maxConnections());
    }

    static Duration timeout(Section section, String key, Duration fallback) {
        return section.duration(key, Duration.ZERO, LONGEST, fallback);
    }

    static Duration connectTimeout(Section section, ListenerLimits fallback) {
        return section.duration("connectTimeout", SHORTEST_CONNECT, LONGEST_CONNECT, fallback.connectTimeout());
    }

    static Map<String, Object> toMap(ListenerLimits limits) {
        var map = new LinkedHashMap<String, Object>();
        map.put("maxConnections", limits.maxConnections());
        map.put("idleTimeout", Durations.format(limits.idleTimeout()));
        map.put("connectTimeout", Durations.format(limits.connectTimeout()));
        return map;
    }
}
