package io.tickstorm.cli.importing.nginx;

import io.tickstorm.cli.importing.draft.Entrance;
import io.tickstorm.cli.importing.draft.Pool;
import io.tickstorm.cli.importing.draft.Site;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a directive is about: the listeners of a server, and where a location passes requests to.
 *
 * @param http whether requests are passed on, not connections
 * @param pool null if nothing is passed on
 * @param shared what other blocks define: zones and maps
 */
record Scope(
        Site site,
        boolean http,
        List<Entrance> entrances,
        @Nullable Pool pool,
        Shared shared) {
    void onEntrances(Consumer<Entrance> action) {
        entrances.forEach(action);
    }

    void onPool(Consumer<Pool> action) {
        Optional.ofNullable(pool).ifPresent(action);
    }
}
