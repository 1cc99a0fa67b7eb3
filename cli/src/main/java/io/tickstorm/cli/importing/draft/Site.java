package io.tickstorm.cli.importing.draft;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All that an import has understood: entrances, pools, and what is said of the process. */
public final class Site {
    // Where a proxy has ports of its own by default, by the section that says so.
    private static final Map<String, Integer> OWN_PORTS = Map.of("health", 8081, "admin", 8404, "metrics", 9090);
    private static final int ASIDE = 10_000;
    private static final int HIGHEST_PORT = 65_535;

    private final Report report;
    private final Settings process = new Settings("");
    private final List<Entrance> entrances = new ArrayList<>();
    private final Map<String, Pool> pools = new LinkedHashMap<>();
    private final Names listenerNames;
    private final Names backendNames;
    private final boolean cluster;

    /** @param cluster whether the result is a resource, whose listeners have short names */
    public Site(Report report, boolean cluster) {
        this.report = report;
        this.cluster = cluster;
        this.listenerNames = new Names(cluster ? 15 : 63, cluster ? Set.of("health", "admin", "metrics") : Set.of());
        this.backendNames = new Names(50, Set.of());
    }

    public Report report() {
        return report;
    }

    /** What holds for the process as a whole. */
    public Settings process() {
        return process;
    }

    public List<Entrance> entrances() {
        return List.copyOf(entrances);
    }

    /** @param said what opens it */
    public Entrance entrance(String name, Said said, boolean http, String address, int port) {
        var entrance = new Entrance(listenerNames.unique(name, "listener"), said, http, address, port);
        entrances.add(entrance);
        return entrance;
    }

    /** The pool of this name of the input, made if there is none. */
    public Pool pool(String name) {
        return pool(name, name);
    }

    /** @param key by which it is known, where names are not unique */
    public Pool pool(String key, String name) {
        return pools.computeIfAbsent(key, any -> new Pool(backendNames.unique(name, "backend")));
    }

    /** The pool of this name of the input. */
    public Optional<Pool> known(String name) {
        return Optional.ofNullable(pools.get(name));
    }

    /** What {@link Pool#standBy} is called in the result. */
    static String standBy(Pool pool) {
        return pool.name() + "-standby";
    }

    /** All of it as one configuration, not judged yet. */
    Settings whole() {
        var whole = new Settings("");
        for (var entrance : entrances) {
            for (var pool : entrance.pools()) {
                pool.wishes().forEach(wish -> entrance.settings().putLonger(wish.path(), wish.value(), wish.by()));
            }
            entrance.link();
            whole.add("listeners", entrance.settings());
            if (!cluster) {
                giveWay(entrance);
            }
        }
        for (var pool : pools.values()) {
            whole.add("backends", pool.settings());
            if (!pool.standBy().isEmpty()) {
                whole.add("backends", standing(pool));
            }
        }
        return whole;
    }

    private static Settings standing(Pool pool) {
        var backend = new Settings(pool.settings().place());
        pool.settings().copyTo(backend);
        backend.put("name", standBy(pool));
        backend.put("discovery", new Settings(backend.place()));
        pool.standBy().forEach(server -> backend.section("discovery").add("static", server));
        // a client's place is among those that do not stand by
        backend.put("stickiness", new Settings(backend.place()));
        return backend;
    }

    /** A port of the proxy's own that an entrance has goes elsewhere. */
    private void giveWay(Entrance entrance) {
        OWN_PORTS.forEach((section, port) -> {
            if (entrance.port() == port) {
                process.put(
                        section + ".port",
                        free(port),
                        entrance.said(),
                        "the proxy has " + port + " for its own by default");
            }
        });
    }

    private int free(int port) {
        int candidate = port + ASIDE;
        while (isTaken(candidate)) {
            candidate = candidate % HIGHEST_PORT + 1;
        }
        return candidate;
    }

    private boolean isTaken(int port) {
        return entrances.stream().anyMatch(entrance -> entrance.port() == port) || OWN_PORTS.containsValue(port);
    }
}
