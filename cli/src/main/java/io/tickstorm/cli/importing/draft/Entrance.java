package io.tickstorm.cli.importing.draft;

import io.tickstorm.proxy.listener.ListenerSettings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where clients come in: a listener of the result. */
public final class Entrance {
    private final String name;
    private final Said said;
    private final boolean http;
    private final String address;
    private final int port;
    private final Settings settings;
    private final List<Route> routes = new ArrayList<>();
    private @Nullable Pool otherwise;
    private @Nullable Said otherwiseBy;

    /** @param conditions that must all hold, as a route of the result says them */
    private record Route(Settings conditions, Pool pool) {}

    Entrance(String name, Said said, boolean http, String address, int port) {
        this.name = name;
        this.said = said;
        this.http = http;
        this.address = address;
        this.port = port;
        this.settings = new Settings("listener " + name);
        settings.put("name", name);
        settings.put("protocol", http ? "HTTP" : "TCP");
        if (!address.equals(ListenerSettings.ANY_ADDRESS)) {
            settings.put("address", address);
        }
        settings.put("port", port);
        settings.tell(said, Verdict.CARRIED, "listener " + name);
    }

    public String name() {
        return name;
    }

    /** Whether requests come in here, not connections. */
    public boolean http() {
        return http;
    }

    public String address() {
        return address;
    }

    public int port() {
        return port;
    }

    public Settings settings() {
        return settings;
    }

    /** The directive that opens it. */
    public Said said() {
        return said;
    }

    /** Sends what fits to a pool. */
    public void route(Settings conditions, Pool pool) {
        routes.add(new Route(conditions, pool));
    }

    /** Sends what fits no route to a pool, as a directive wants it. */
    public void otherwise(Pool pool, Said by) {
        otherwise = pool;
        otherwiseBy = by;
    }

    /** Where that goes, if anywhere. */
    public Optional<Pool> otherwise() {
        return Optional.ofNullable(otherwise);
    }

    /** All pools that something of it goes to. */
    Set<Pool> pools() {
        var pools = new HashSet<Pool>();
        routes.forEach(route -> pools.add(route.pool()));
        otherwise().ifPresent(pools::add);
        return pools;
    }

    void link() {
        for (var route : routes) {
            share(route.conditions(), route.pool());
            settings.add("routes", route.conditions());
        }
        if (otherwise != null && otherwiseBy != null) {
            share(settings, otherwise);
            settings.tell(
                    otherwiseBy,
                    Verdict.CARRIED,
                    "backend: " + otherwise.name()
                            + (otherwise.standBy().isEmpty() ? "" : ", and " + Site.standBy(otherwise)));
        }
    }

    private static void share(Settings target, Pool pool) {
        if (pool.standBy().isEmpty()) {
            target.put("backend", pool.name());
            return;
        }
        target.add("backends", share(pool.name()));
        var standby = share(Site.standBy(pool));
        standby.put("standby", true);
        target.add("backends", standby);
    }

    private static Settings share(String name) {
        var share = new Settings("");
        share.put("name", name);
        return share;
    }
}
