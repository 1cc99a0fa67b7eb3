package io.tickstorm.proxy.config;

import io.tickstorm.proxy.backend.BackendSettings;
import io.tickstorm.proxy.settings.Section;
import io.tickstorm.proxy.settings.Syntax;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One backend.
 *
 * @param name unique among the backends
 * @param discovery where its endpoints come from
 * @param settings how they are treated
 */
public record BackendConfig(String name, DiscoverySettings discovery, BackendSettings settings) {

    public static BackendConfig read(Section section) {
        var name = section.text("name", Syntax.name());
        if (!section.has("discovery")) {
            section.problem(
                    "discovery",
                    "missing (expected: exactly one of " + String.join(", ", DiscoverySettings.KINDS) + ")");
        }
        var discovery = section.optionalSection("discovery", DiscoverySettings::read);
        return new BackendConfig(
                name,
                discovery == null ? new DiscoverySettings.Static(List.of()) : discovery,
                BackendSettings.read(section));
    }

    Map<String, Object> toMap() {
        var map = new LinkedHashMap<String, Object>();
        map.put("name", name);
        map.put("discovery", discovery.toMap());
        map.putAll(settings.toMap());
        return map;
    }
}
