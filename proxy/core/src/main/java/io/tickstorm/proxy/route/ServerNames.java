package io.tickstorm.proxy.route;

import io.tickstorm.proxy.settings.Section;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Conditions on a TLS connection.
 *
 * @param names one of which its client must ask for (SNI, RFC 6066 section 3); at least one
 */
public record ServerNames(List<HostPattern> names) implements Conditions {
    private static final int MOST = 1_024;

    public ServerNames {
        names = List.copyOf(names);
    }

    /** Reads {@code serverNames} of a route. */
    public static ServerNames read(Section section) {
        var names = section.list("serverNames", HostPattern.SYNTAX);
        if (names.isEmpty() || names.size() > MOST) {
            section.problem(
                    "serverNames", names.size() + " (expected: 1.." + MOST + " names, such as \"*.example.org\")");
        }
        return new ServerNames(names);
    }

    @Override
    public Map<String, Object> toMap() {
        var map = new LinkedHashMap<String, Object>();
        map.put("serverNames", names.stream().map(HostPattern::toString).toList());
        return map;
    }

    /** For people. */
    @Override
    public String toString() {
        return names.stream().map(HostPattern::toString).collect(Collectors.joining(" or "));
    }
}
