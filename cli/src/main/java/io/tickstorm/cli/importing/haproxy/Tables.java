package io.tickstorm.cli.importing.haproxy;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What all sections may refer to: stick tables by the name of their section, and name servers by that of theirs. */
final class Tables {
    private static final Pattern STORED = Pattern.compile("([a-z_]+)\\(([^)]*)\\)");

    private final Map<String, Map<String, Duration>> periods = new HashMap<>();
    private final Map<String, List<String>> nameServers = new HashMap<>();

    Tables(List<Section> sections) {
        for (var section : sections) {
            for (var said : section.lines()) {
                if (said.name().equals("stick-table")) {
                    said.after("store").ifPresent(stored -> periods.put(section.name(), periods(stored)));
                }
            }
            if (section.kind().equals("resolvers")) {
                nameServers.put(
                        section.name(),
                        section.lines().stream()
                                .filter(said -> said.name().equals("nameserver")
                                        && !said.word(2).contains("@"))
                                .map(said -> said.word(2))
                                .toList());
            }
        }
    }

    private static Map<String, Duration> periods(String stored) {
        var periods = new HashMap<String, Duration>();
        STORED.matcher(stored)
                .results()
                .forEach(rate -> Times.parse(rate.group(2)).ifPresent(period -> periods.put(rate.group(1), period)));
        return periods;
    }

    /** Over which time a table counts, such as {@code http_req_rate}. */
    Optional<Duration> period(String section, String rate) {
        var own = Optional.ofNullable(periods.getOrDefault(section, Map.of()).get(rate));
        return own.isPresent()
                ? own
                : periods.values().stream()
                        .filter(table -> table.containsKey(rate))
                        .map(table -> table.get(rate))
                        .findFirst();
    }

    List<String> nameServers(String resolvers) {
        return nameServers.getOrDefault(resolvers, List.of());
    }
}
