package io.tickstorm.cli;

import io.tickstorm.cli.fleet.Place;
import io.tickstorm.cli.fleet.Site;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that keeps a command, which is about something else, to one cluster of a place. */
final class OnlyCluster {
    @Option(
            names = "--cluster",
            paramLabel = "CLUSTER",
            description = "Of this one only; without it of all that are there.")
    private @Nullable String name;

    /** @throws IOException with a message for the user if they cannot be read, or there is none of this name */
    List<Site> of(Place place) throws IOException {
        return place.sites(name);
    }
}
