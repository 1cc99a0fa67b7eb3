package io.tickstorm.proxy.config;

import io.tickstorm.proxy.listener.ListenerSettings;
import io.tickstorm.proxy.settings.Section;
import io.tickstorm.proxy.settings.Syntax;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where one of our own ports listens.
 *
 * @param port 0..65535; 0 = any free one
 */
public record Bind(String address, int port) {
    /** Where probes are answered. */
    public static final Bind HEALTH = new Bind(ListenerSettings.ANY_ADDRESS, 8081);

    static Bind read(Section section, Bind fallback) {
        return new Bind(
                section.text("address", Syntax.host(), fallback.address()),
                section.integer("port", 0, 65535, fallback.port()));
    }

    Map<String, Object> toMap() {
        var map = new LinkedHashMap<String, Object>();
        map.put("address", address);
        map.put("port", port);
        return map;
    }
}
