package io.tickstorm.proxy.config;

import io.tickstorm.proxy.settings.Section;
import io.tickstorm.proxy.settings.Syntax;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The port on which a person asks and acts.
 *
 * @param tokenFile the file whose first line is the token for what changes something; relative paths are relative to the
 *     configuration file; null = no token, and only this machine may change anything
 */
public record AdminSettings(Bind bind, @Nullable String tokenFile) {
    /** Everything that runs can be seen there: so only this machine, and whoever may forward a port to it. */
    public static final AdminSettings DEFAULT = new AdminSettings(new Bind("127.0.0.1", 8404), null);

    static AdminSettings read(Section section, References references) {
        return new AdminSettings(
                references.bind(section, DEFAULT.bind()), section.optionalText("tokenFile", Syntax.anything()));
    }

    Map<String, Object> toMap() {
        var map = new LinkedHashMap<>(bind.toMap());
        if (tokenFile != null) {
            map.put("tokenFile", tokenFile);
        }
        return map;
    }
}
