package io.tickstorm.proxy.route;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the route of a TLS connection: an exact name before a wildcard, a longer wildcard before a shorter one, then the order of
 * the list. Immutable; any thread.
 */
public final class ServerNameRoutes<T> {
    private final HostTable<T> names;
    private final boolean distinguishes;
    private final @Nullable T otherwise;

    /** @param routes those with {@link ServerNames} count */
    public ServerNameRoutes(Routes<T> routes) {
        var byName = new LinkedHashMap<HostPattern, T>();
        for (var route : routes.list()) {
            switch (route.conditions()) {
                case ServerNames wanted -> wanted.names().forEach(name -> byName.putIfAbsent(name, route.target()));
                case HttpConditions others -> {}
            }
        }
        this.names = new HostTable<>(byName);
        this.distinguishes = !byName.isEmpty();
        this.otherwise = routes.otherwise();
    }

    /** Whether it makes a difference what the client asks for. */
    public boolean distinguishes() {
        return distinguishes;
    }

    /** Where a connection goes; null = nowhere. */
    public @Nullable T choose(@Nullable String serverName) {
        if (serverName == null) {
            return otherwise;
        }
        var bytes = serverName.getBytes(StandardCharsets.US_ASCII);
        var found = names.find(bytes, 0, bytes.length);
        return found == null ? otherwise : found.value();
    }
}
