package io.tickstorm.cli.importing.nginx;

import io.tickstorm.cli.importing.draft.Entrance;
import io.tickstorm.cli.importing.draft.Pool;
import io.tickstorm.cli.importing.draft.Said;
import io.tickstorm.cli.importing.draft.Settings;
import io.tickstorm.cli.importing.draft.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A location that passes requests on.
 *
 * @param block of it, or of the outermost one around it
 * @param chain the outermost location around it, and itself
 * @param passed its {@code proxy_pass}
 */
record Location(Directive block, List<Directive> chain, Said passed) {
    private static final Set<String> PASSES = Set.of("proxy_pass", "grpc_pass");

    static Optional<Said> passes(Directive block) {
        return block.children().stream()
                .filter(child -> PASSES.contains(child.name()))
                .map(Directive::said)
                .findFirst();
    }

    /** Makes a route of it on each listener of its server, for the names of the server. */
    void route(Directive server, List<Entrance> entrances, Pool pool, Listening listening) {
        var said = chain.getLast().said();
        var path = path(said);
        if (path.isEmpty()) {
            said.lost("a route has a path, not a pattern: such requests go where the next wider route says");
            return;
        }
        var differences = differences(said, path.get());
        var hosts = Hosts.of(server);
        for (var entrance : entrances) {
            boolean fallback = listening.isDefault(server, entrance);
            if (!fallback && hosts.names().isEmpty()) {
                said.lost("its server has no name that a route can have");
                return;
            }
            if (fallback && path.get().equals("/")) {
                entrance.otherwise(pool, said);
            } else if (fallback) {
                route(entrance, pool, List.of(), path.get(), differences);
            }
            // the names of the server for all others, too: another one may have a wildcard that takes them
            if (!hosts.names().isEmpty() && (!fallback || listening.isShared(entrance))) {
                route(entrance, pool, hosts.names(), path.get(), differences);
            }
        }
        passed.tell(Verdict.CARRIED, "to " + pool.name(), "");
        uri(path.get());
    }

    private void route(Entrance entrance, Pool pool, List<String> hosts, String path, List<String> differences) {
        var route = new Settings(entrance.settings().place());
        if (!hosts.isEmpty()) {
            route.put("hosts", hosts);
        }
        if (!path.equals("/")) {
            route.put("pathPrefix", path);
        }
        route.tell(
                chain.getLast().said(),
                differences.isEmpty() ? Verdict.CARRIED : Verdict.DIFFERS,
                "route to " + pool.name() + (differences.isEmpty() ? "" : ", " + String.join("; ", differences)));
        entrance.route(route, pool);
    }

    /** The prefix that it stands for; empty for a pattern. */
    private static Optional<String> path(Said said) {
        var modifier = said.words().size() > 2 ? said.word(1) : "";
        var path = said.arguments().isEmpty() ? "" : said.arguments().getLast();
        return switch (modifier) {
            case "", "^~", "=" -> path.startsWith("/") ? Optional.of(path) : Optional.empty();
            case "~" -> path.matches("\\^/[A-Za-z0-9/_-]*") ? Optional.of(path.substring(1)) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static List<String> differences(Said said, String path) {
        var differences = new ArrayList<String>();
        if (said.word(1).equals("=")) {
            differences.add("what lies below " + path + " fits, too");
        } else if (path.endsWith("/") && path.length() > 1) {
            differences.add(path.substring(0, path.length() - 1) + " fits, too");
        } else if (!path.equals("/")) {
            differences.add("a path fits by whole segments");
        }
        return differences;
    }

    /** nginx puts the path of {@code proxy_pass} in the place of the location's; ours pass as they are. */
    private void uri(String path) {
        var rest = passed.word(1).replaceFirst("^[a-z]+://[^/]*", "");
        if (!rest.isEmpty() && !rest.equals(path)) {
            passed.lost("paths pass as they are: servers get " + path + ", not " + rest);
        }
    }
}
