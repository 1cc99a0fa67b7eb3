package io.tickstorm.proxy.listener;

import io.tickstorm.proxy.settings.AddressRange;
import io.tickstorm.proxy.settings.Section;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whose word on where a request comes from is taken, and in which fields servers are told.
 *
 * @param trustedProxies who may say so; what all others say is replaced
 * @param header the fields that they are believed in, and that are written
 */
public record ForwardedSettings(List<AddressRange> trustedProxies, Header header) {
    /** Nobody is believed. */
    public static final ForwardedSettings DEFAULT = new ForwardedSettings(List.of(), Header.X_FORWARDED);

    /** Which fields say where a request comes from. */
    public enum Header {
        /** {@code X-Forwarded-For}, {@code -Proto}, {@code -Host} and {@code -Port}. */
        X_FORWARDED("XForwarded"),
        /** {@code Forwarded}, RFC 7239. */
        FORWARDED("Forwarded"),
        /** Proxies are believed in the first; both are written. */
        BOTH("Both");

        private final String text;

        Header(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    public ForwardedSettings {
        trustedProxies = List.copyOf(trustedProxies);
    }

    /** Reads {@code forwarded} of a listener of this protocol. */
    static ForwardedSettings read(Section listener, Protocol protocol) {
        if (protocol == Protocol.HTTP) {
            return listener.section("forwarded", ForwardedSettings::read);
        }
        listener.refuse("forwarded", "TCP has no headers (expected: nothing, or protocol: HTTP)");
        return DEFAULT;
    }

    private static ForwardedSettings read(Section section) {
        return new ForwardedSettings(
                section.list("trustedProxies", AddressRange.SYNTAX), section.enumeration("header", DEFAULT.header()));
    }

    /** Whether what comes from this address is believed. */
    public boolean trusts(InetAddress address) {
        for (int i = 0; i < trustedProxies.size(); i++) {
            if (trustedProxies.get(i).contains(address)) {
                return true;
            }
        }
        return false;
    }

    Map<String, Object> toMap() {
        var map = new LinkedHashMap<String, Object>();
        map.put(
                "trustedProxies",
                trustedProxies.stream().map(AddressRange::toString).toList());
        map.put("header", header.toString());
        return map;
    }
}
