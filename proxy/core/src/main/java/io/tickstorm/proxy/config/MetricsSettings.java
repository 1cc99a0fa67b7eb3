package io.tickstorm.proxy.config;

import io.tickstorm.proxy.listener.ListenerSettings;
import io.tickstorm.proxy.settings.Section;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The port that is scraped.
 *
 * @param exemplars whether histograms name a request for each bucket; costs an entry for each request
 */
public record MetricsSettings(Bind bind, boolean exemplars) {
    public static final MetricsSettings DEFAULT =
            new MetricsSettings(new Bind(ListenerSettings.ANY_ADDRESS, 9090), false);

    static MetricsSettings read(Section section, References references) {
        return new MetricsSettings(
                references.bind(section, DEFAULT.bind()), section.bool("exemplars", DEFAULT.exemplars()));
    }

    Map<String, Object> toMap() {
        var map = new LinkedHashMap<>(bind.toMap());
        map.put("exemplars", exemplars);
        return map;
    }
}
