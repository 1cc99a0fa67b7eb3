package io.tickstorm.cli.importing.nginx;

import java.util.ArrayList;
import java.util.List;

/** The locations of a server that pass requests on. */
final class Locations {
    private Locations() {}

    static List<Location> passing(List<Directive> server) {
        var passing = new ArrayList<Location>();
        for (var block : server) {
            if (!block.name().equals("location")) {
                continue;
            }
            Location.passes(block).ifPresent(passed -> passing.add(new Location(block, List.of(block), passed)));
            for (var nested : block.children("location")) {
                Location.passes(nested)
                        .ifPresent(passed -> passing.add(new Location(block, List.of(block, nested), passed)));
            }
        }
        return passing;
    }
}
