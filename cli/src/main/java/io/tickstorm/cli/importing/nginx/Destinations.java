package io.tickstorm.cli.importing.nginx;

import io.tickstorm.cli.importing.draft.Pool;
import io.tickstorm.cli.importing.draft.Said;
import io.tickstorm.cli.importing.draft.Site;
import io.tickstorm.cli.importing.draft.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Where requests and connections are passed to: upstreams by name, and servers that {@code proxy_pass} names itself. */
final class Destinations {
    private static final Pattern URL = Pattern.compile("(https?|grpcs?)://([^/]+).*");
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    private final Site site;
    private final boolean http;
    private final List<Directive> around;
    private final Map<String, Pool> upstreams = new LinkedHashMap<>();
    private final Map<String, Pool> others = new LinkedHashMap<>();

    Destinations(Site site, boolean http, List<Directive> around) {
        this.site = site;
        this.http = http;
        this.around = around;
    }

    /** Reads all upstreams. */
    void open() {
        for (var upstream : around) {
            if (!upstream.name().equals("upstream")) {
                continue;
            }
            var pool = site.pool(
                    (http ? "http " : "stream ") + upstream.said().word(1),
                    upstream.said().word(1));
            upstreams.put(upstream.said().word(1), pool);
            // options of servers change what the pool as a whole does, so policies come first as nginx wants them, too
            upstream.children().forEach(child -> UpstreamRules.RULES.apply(child.said(), pool));
            pool.settings()
                    .tell(
                            upstream.said(),
                            Verdict.CARRIED,
                            "backend " + pool.name() + "; as in nginx: no slow start, no panic mode"
                                    + (http ? ", no retries by status unless they are asked for" : ""));
        }
    }

    List<Pool> pools() {
        var pools = new ArrayList<>(upstreams.values());
        pools.addAll(others.values());
        return pools;
    }

    Optional<Pool> named(String name) {
        var known = Optional.ofNullable(upstreams.get(name));
        return known.isPresent() ? known : single(name, HTTP);
    }

    /** Where a location passes requests to. */
    Optional<Pool> of(Said passed, Location location) {
        var url = URL.matcher(passed.word(1));
        if (!url.matches()) {
            passed.lost('"' + passed.word(1) + "\" (expected: http:// and the name of an upstream, or a server)");
            return Optional.empty();
        }
        boolean secure = url.group(1).endsWith("s");
        var known = Optional.ofNullable(upstreams.get(url.group(2)));
        var pool = known.isPresent() ? known : single(url.group(2), secure ? HTTPS : HTTP);
        if (pool.isEmpty()) {
            passed.lost('"' + passed.word(1) + "\" (expected: http:// and the name of an upstream, or a server)");
            return pool;
        }
        if (secure) {
            secure(passed, pool.get(), url.group(2));
        }
        if (url.group(1).startsWith("grpc")) {
            pool.get().settings().putOnce("protocol", "HTTP2", passed);
        }
        return pool;
    }

    /** Where a server of {@code stream} passes connections to. */
    Optional<Pool> stream(Said passed, Effective effective) {
        var name = passed.word(1);
        var known = Optional.ofNullable(upstreams.get(name));
        var pool = known.isPresent() || !name.contains(":") ? known : single(name, HTTP);
        if (pool.isEmpty()) {
            passed.lost('"' + name + "\" (expected: the name of an upstream, or a server)");
        }
        for (var directive : effective.all("proxy_ssl")) {
            if (directive.said().word(1).equals("on")) {
                pool.ifPresent(found -> secure(directive.said(), found, name));
            } else {
                directive.said().carried("servers are spoken to in plain");
            }
        }
        return pool;
    }

    private static void secure(Said said, Pool pool, String name) {
        if (pool.settings().value("tls.serverName").isEmpty()) {
            pool.settings()
                    .put(
                            "tls.serverName",
                            name.replaceAll(":\\d+$", ""),
                            said,
                            "certificates of servers are verified here; caFile says who signs them");
        }
    }

    private Optional<Pool> single(String server, int port) {
        var address = Address.of(server, port);
        return address.map(found -> others.computeIfAbsent(server, any -> {
            var pool = site.pool((http ? "http " : "stream ") + server, server);
            pool.server(found.host(), found.port());
            return pool;
        }));
    }
}
