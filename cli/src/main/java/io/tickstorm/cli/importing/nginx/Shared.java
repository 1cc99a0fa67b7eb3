package io.tickstorm.cli.importing.nginx;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is defined once and named elsewhere: zones of limits, and maps by the variable that they set. */
final class Shared {
    private final Map<String, Directive> zones = new HashMap<>();
    private final Map<String, Directive> maps = new HashMap<>();

    Shared(List<Directive> http) {
        for (var directive : http) {
            switch (directive.name()) {
                case "limit_req_zone", "limit_conn_zone" ->
                    Values.option(directive.said(), "zone")
                            .ifPresent(zone -> zones.put(zone.replaceAll(":.*", ""), directive));
                case "map" -> maps.put(directive.said().word(2), directive);
                default -> {}
            }
        }
    }

    Optional<Directive> zone(String name) {
        return Optional.ofNullable(zones.get(name));
    }

    /** The map that sets a variable, which is written with its dollar sign. */
    Optional<Directive> map(String variable) {
        return Optional.ofNullable(maps.get(variable));
    }
}
