package io.tickstorm.cli.importing.draft;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Servers that work is shared out over: a backend of the result, and a second one for those that stand by. */
public final class Pool {
    private final String name;
    private final Settings settings;
    private final List<Settings> standBy = new ArrayList<>();
    private final List<Wish> wishes = new ArrayList<>();

    /** A setting that is the backend's in the input and the listener's in the result. */
    record Wish(String path, Duration value, Said by) {}

    Pool(String name) {
        this.name = name;
        this.settings = new Settings("backend " + name);
        settings.put("name", name);
        settings.section("discovery");
    }

    public String name() {
        return name;
    }

    /** Of the backend. */
    public Settings settings() {
        return settings;
    }

    /** Adds a server of the fixed list. */
    public Settings server(String address, int port) {
        var server = endpoint(address, port);
        settings.section("discovery").add("static", server);
        return server;
    }

    /** Adds a server that gets work when no other is left. */
    public Settings standBy(String address, int port) {
        var server = endpoint(address, port);
        standBy.add(server);
        return server;
    }

    private Settings endpoint(String address, int port) {
        var server = new Settings(settings.place());
        server.put("address", address);
        server.put("port", port);
        return server;
    }

    /** How many servers there are, those that stand by included. */
    public int size() {
        return settings.section("discovery").items("static").size() + standBy.size();
    }

    /** Asks for a duration on each listener that sends here; the longest that is asked for holds. */
    public void onListeners(String path, Duration value, Said by) {
        wishes.add(new Wish(path, value, by));
    }

    /** How many of them stand by. */
    public int standing() {
        return standBy.size();
    }

    List<Settings> standBy() {
        return standBy;
    }

    List<Wish> wishes() {
        return wishes;
    }

    /**
     * Clients go where a hash of a header or a cookie of theirs leads.
     *
     * @param by {@code Header} or {@code Cookie}
     */
    public void hash(Said said, String by, String name) {
        settings.put("balancing.policy", "ConsistentHash", said);
        settings.put("balancing.hash.by", by);
        settings.put("balancing.hash.name", name);
    }

    /**
     * Clients stick to their server by a cookie of the proxy's own, which has the name of the one before.
     *
     * @return where more is said of that cookie
     */
    public Settings cookie(Said said, String name, boolean secure) {
        var stickiness = settings.section("stickiness");
        stickiness.put("type", "Cookie");
        stickiness.put(
                "name", name, said, "signed: cookies of before are not known, so each client is placed anew once");
        stickiness.put(
                "secretFile",
                "stickiness.secret",
                said,
                "a file to be made: a line of 16 characters or more, the same for all proxies");
        stickiness.put("secure", secure);
        return stickiness;
    }
}
