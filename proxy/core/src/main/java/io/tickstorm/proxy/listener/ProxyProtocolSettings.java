package io.tickstorm.proxy.listener;

import io.tickstorm.proxy.settings.AddressRange;
import io.tickstorm.proxy.settings.Durations;
import io.tickstorm.proxy.settings.Section;
import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who tells a listener, by the PROXY protocol, which client a connection is from.
 *
 * @param trustedProxies who must send a header, and is believed; at least one
 * @param timeout from the accept to the end of the header, absolute, 100 ms to 1 min
 * @param untrusted what becomes of the connections of all others
 */
public record ProxyProtocolSettings(List<AddressRange> trustedProxies, Duration timeout, Untrusted untrusted) {
    /** For a peer that is no trusted proxy; a header from it is never read. */
    public enum Untrusted {
        /** Its connection is closed. */
        REFUSE,
        /** It is a client itself. */
        SERVE
    }

    public static final Duration TIMEOUT = Duration.ofSeconds(5);

    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofMinutes(1);

    public ProxyProtocolSettings {
        trustedProxies = List.copyOf(trustedProxies);
    }

    public static ProxyProtocolSettings read(Section section) {
        var settings = new ProxyProtocolSettings(
                section.list("trustedProxies", AddressRange.SYNTAX),
                section.duration("timeout", SHORTEST, LONGEST, TIMEOUT),
                section.enumeration("untrusted", Untrusted.REFUSE));
        if (settings.trustedProxies().isEmpty()) {
            section.problem("trustedProxies", "nobody (expected: at least one address range, such as 10.0.0.0/8)");
        }
        return settings;
    }

    /** Whether this peer must send a header, and is believed. */
    public boolean trusts(InetAddress peer) {
        for (var range : trustedProxies) {
            if (range.contains(peer)) {
                return true;
            }
        }
        return false;
    }

    public Map<String, Object> toMap() {
        var map = new LinkedHashMap<String, Object>();
        map.put(
                "trustedProxies",
                trustedProxies.stream().map(AddressRange::toString).toList());
        map.put("timeout", Durations.format(timeout));
        map.put("untrusted", untrusted.toString());
        return map;
    }
}
