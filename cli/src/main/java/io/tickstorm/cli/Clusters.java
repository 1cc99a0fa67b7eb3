package io.tickstorm.cli;

import io.tickstorm.cli.fleet.Place;
import io.tickstorm.cli.fleet.Site;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** The parameter that says which clusters of a place a command is about. */
final class Clusters {
    @Parameters(
            arity = "0..1",
            paramLabel = "CLUSTER",
            description = "Its name; without it every cluster that is there.")
    private @Nullable String name;

    /**
     * One at least.
     *
     * @throws IOException with a message for the user if they cannot be read, or there are none
     */
    List<Site> of(Place place) throws IOException {
        var sites = place.sites(name);
        if (sites.isEmpty()) {
            throw new IOException(
                    place.words() + ": there is no TickStormCluster (expected: one that `kubectl get tsc` shows)");
        }
        return sites;
    }
}
