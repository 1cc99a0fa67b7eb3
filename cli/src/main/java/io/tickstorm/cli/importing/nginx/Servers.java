package io.tickstorm.cli.importing.nginx;

import io.tickstorm.cli.importing.draft.Entrance;
import io.tickstorm.cli.importing.draft.Pool;
import io.tickstorm.cli.importing.draft.Rules;
import io.tickstorm.cli.importing.draft.Said;
import io.tickstorm.cli.importing.draft.Settings;
import io.tickstorm.cli.importing.draft.Site;
import io.tickstorm.cli.importing.draft.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The servers of {@code http} or {@code stream}. */
final class Servers {
    private static final String NOTHING = "nothing is passed on from here";
    private static final String STATUS =
            "the admin API has the state, for this machine alone: GET /state on 127.0.0.1:8404; metrics are on port 9090";

    private final Site site;
    private final boolean http;
    private final List<Directive> around;
    private final Shared shared;
    private final Rules<Scope> rules;
    private final Listening listening;
    private final Destinations destinations;
    private final Set<Pool> finished = new HashSet<>();

    /** @param around what the block says, servers included */
    Servers(Site site, boolean http, List<Directive> around) {
        this.site = site;
        this.http = http;
        this.around = around;
        this.shared = new Shared(around);
        this.rules = http ? NginxRules.HTTP : NginxRules.STREAM;
        this.listening = new Listening(site, http, servers());
        this.destinations = new Destinations(site, http, around);
    }

    private List<Directive> servers() {
        return around.stream().filter(block -> block.name().equals("server")).toList();
    }

    void carryOver() {
        destinations.open();
        servers().forEach(this::server);
        destinations.pools().forEach(this::finish);
        around.forEach(this::others);
    }

    private void finish(Pool pool) {
        if (finished.add(pool)) {
            UpstreamRules.finish(pool, http);
        }
    }

    private void server(Directive server) {
        var locations = http ? Locations.passing(server.children()) : List.<Location>of();
        boolean passes =
                http ? !locations.isEmpty() : !server.children("proxy_pass").isEmpty();
        if (!passes) {
            boolean status = server.children().stream().anyMatch(Servers::isStatus);
            server.said().tell(status ? Verdict.DIFFERS : Verdict.LOST, status ? STATUS : NOTHING, "");
            server.children().forEach(this::notPassing);
            return;
        }
        var effective = Effective.of(around, server.children());
        var entrances = listening.open(server, effective);
        server.said().carried(entrances.isEmpty() ? NOTHING : "routes of its listeners");
        trusted(entrances, effective);
        if (http) {
            locations.forEach(location -> location(location, server, entrances));
            apply(effective, new Scope(site, true, entrances, null, shared));
            var names = Hosts.of(server);
            names.tell();
            server.children().stream()
                    .filter(child -> child.name().equals("location"))
                    .filter(child -> locations.stream().noneMatch(location -> location.block() == child))
                    .forEach(this::notPassing);
            server.children().stream()
                    .filter(child ->
                            !child.children().isEmpty() && !child.name().equals("location"))
                    .forEach(this::notPassing);
        } else {
            stream(server, entrances, effective);
        }
    }

    /** Applies what holds; what bears on nothing here is told so, unless something is said of it elsewhere. */
    private void apply(Effective effective, Scope scope) {
        for (var directive : effective.all()) {
            rules.apply(directive.said(), scope);
            if (rules.of(directive.said()) != null) {
                directive.said().otherwise(Verdict.UNNEEDED, "it bears on nothing here");
            }
        }
    }

    private void trusted(List<Entrance> entrances, Effective effective) {
        var ranges = effective.arguments("set_real_ip_from");
        var header = effective.arguments("real_ip_header").stream().findFirst().orElse("X-Real-IP");
        var said = new ArrayList<>(effective.all("set_real_ip_from"));
        said.addAll(effective.all("real_ip_header"));
        if (said.isEmpty()) {
            return;
        }
        if (header.equalsIgnoreCase("X-Forwarded-For")) {
            for (var directive : said) {
                entrances.forEach(
                        entrance -> entrance.settings().put("forwarded.trustedProxies", ranges, directive.said()));
            }
        } else if (header.equals("proxy_protocol")) {
            said.forEach(directive -> directive.said().carried("proxyProtocol.trustedProxies"));
        } else {
            said.forEach(directive -> directive
                    .said()
                    .lost("the client's address is believed in X-Forwarded-For, Forwarded or the PROXY protocol"));
        }
    }

    private void location(Location location, Directive server, List<Entrance> entrances) {
        var chain = location.chain();
        var effective = chain.size() == 1
                ? Effective.of(around, server.children(), chain.getFirst().children())
                : Effective.of(
                        around,
                        server.children(),
                        chain.getFirst().children(),
                        chain.getLast().children());
        var passed = location.passed();
        var pool = destinations.of(passed, location);
        if (pool.isEmpty()) {
            location.block().said().lost("where it passes requests to is not known before they come");
            return;
        }
        if (effective.all("proxy_set_header").stream()
                .noneMatch(header -> header.said().word(1).equalsIgnoreCase("host"))) {
            passed.differs("servers get the client's Host, not the name of the upstream");
        }
        apply(effective, new Scope(site, true, entrances, pool.get(), shared));
        location.route(server, entrances, pool.get(), listening);
    }

    private void stream(Directive server, List<Entrance> entrances, Effective effective) {
        var passed = server.children("proxy_pass").getFirst().said();
        var map = shared.map(passed.word(1));
        if (map.isPresent() && map.get().said().word(1).equals("$ssl_preread_server_name")) {
            serverNames(passed, map.get(), entrances);
            apply(effective, new Scope(site, false, entrances, null, shared));
            return;
        }
        var pool = destinations.stream(passed, effective);
        pool.ifPresent(found -> {
            entrances.forEach(entrance -> {
                if (entrance.otherwise().isEmpty()) {
                    entrance.otherwise(found, passed);
                }
            });
        });
        apply(effective, new Scope(site, false, entrances, pool.orElse(null), shared));
    }

    private void serverNames(Said passed, Directive map, List<Entrance> entrances) {
        map.said().carried("routes by server name");
        passed.carried("routes by server name");
        for (var entry : map.children()) {
            var pool = destinations.named(entry.said().word(1));
            var name = entry.name().replaceFirst("^\\.", "*.");
            if (entry.name().equals("hostnames")) {
                entry.said().carried("names may have wildcards");
            } else if (pool.isEmpty() || name.startsWith("~")) {
                entry.said()
                        .lost(
                                name.startsWith("~")
                                        ? "names are whole, or begin with *."
                                        : "there is no upstream " + entry.said().word(1));
            } else if (name.equals("default")) {
                entrances.forEach(entrance -> entrance.otherwise(pool.get(), entry.said()));
            } else {
                for (var entrance : entrances) {
                    var route = new Settings(entrance.settings().place());
                    route.put("serverNames", List.of(name), entry.said());
                    entrance.route(route, pool.get());
                }
            }
        }
    }

    /** A block from which nothing is passed on. */
    private void notPassing(Directive directive) {
        if (directive.children().isEmpty()) {
            rules.apply(directive.said(), new Scope(site, http, List.of(), null, shared));
            if (rules.of(directive.said()) != null) {
                directive.said().otherwise(Verdict.UNNEEDED, NOTHING);
            }
        } else if (isStatus(directive)) {
            directive.all(Verdict.DIFFERS, STATUS);
        } else if (directive.name().equals("if")) {
            directive.all(Verdict.LOST, "conditions of nginx are not evaluated; routes have hosts, paths and headers");
        } else {
            if (directive.name().equals("location")) {
                directive.said().lost(NOTHING + ": such requests go where the next wider route says");
            } else {
                directive.said().otherwise(Verdict.LOST, "the importer does not know it");
            }
            directive.children().forEach(this::notPassing);
        }
    }

    private static boolean isStatus(Directive block) {
        return !block.children("stub_status").isEmpty();
    }

    /** What stands beside the servers. */
    private void others(Directive directive) {
        switch (directive.name()) {
            case "server", "upstream" -> {}
            case "map", "geo", "split_clients" ->
                directive.each((said, any) -> said.otherwise(Verdict.LOST, "there are no variables"));
            case "types" -> directive.all(Verdict.UNNEEDED, "servers say what their answers are");
            case "limit_req_zone", "limit_conn_zone" ->
                directive.said().otherwise(Verdict.UNNEEDED, "no limit that is carried over uses it");
            default -> {
                if (directive.children().isEmpty()) {
                    notPassing(directive);
                }
            }
        }
    }
}
