package io.tickstorm.cli.importing.haproxy;

import static io.tickstorm.cli.importing.draft.Rule.carried;
import static io.tickstorm.cli.importing.draft.Rule.differs;

import io.tickstorm.cli.importing.draft.Entrance;
import io.tickstorm.cli.importing.draft.Pool;
import io.tickstorm.cli.importing.draft.Rule;
import io.tickstorm.cli.importing.draft.Said;
import io.tickstorm.cli.importing.draft.Verdict;
import java.util.ArrayList;
import java.util.List;

/** Who gets what: {@code acl}, {@code use_backend}, {@code default_backend}. */
final class RouteRules {
    private RouteRules() {}

    static List<Rule<Proxied>> rules() {
        return List.of(
                carried(
                        "acl",
                        "conditions of routes and limits: path, path_beg, hdr(host), hdr(NAME), ssl_sni, src",
                        (said, proxied) -> {}),
                differs(
                        "use_backend",
                        "listeners[].routes; the most specific one wins, not the first",
                        RouteRules::useBackend),
                carried("default_backend", "listeners[].backend", RouteRules::defaultBackend));
    }

    /** Definitions are known before anything that uses them is carried over. */
    static void define(Said said, Proxied proxied) {
        if (said.words().size() > 2) {
            proxied.define(Acl.of(
                    said.word(1), said, said.words().subList(2, said.words().size())));
        }
    }

    private static void defaultBackend(Said said, Proxied proxied) {
        var pool = proxied.site().known(said.word(1));
        if (pool.isEmpty()) {
            said.lost("there is no backend " + said.word(1) + " with a server");
            return;
        }
        proxied.onEntrances(entrance -> {
            entrance.otherwise(pool.get(), said);
        });
    }

    private static void useBackend(Said said, Proxied proxied) {
        var pool = proxied.site().known(said.word(1));
        if (pool.isEmpty()) {
            said.lost(
                    said.word(1).contains("%[")
                            ? "a backend is named by the route, not by the request"
                            : "there is no backend " + said.word(1) + " with a server");
            return;
        }
        if (said.word(2).equals("unless")) {
            said.lost("routes cannot say what must not hold (unless)");
            return;
        }
        var condition = Condition.of(said, proxied);
        try {
            var matches = Criteria.matches(condition);
            proxied.onEntrances(entrance -> route(said, proxied, entrance, pool.get(), matches));
            condition.named().forEach(acl -> acl.said().carried("in routes"));
        } catch (InexpressibleException e) {
            said.lost(e.reason());
            condition
                    .named()
                    .forEach(acl -> acl.said()
                            .lost("used by what is not carried over (line "
                                    + said.line().number() + ")"));
        }
    }

    private static void route(Said said, Proxied proxied, Entrance entrance, Pool pool, List<Match> matches) {
        var place = entrance.settings().place();
        for (var match : matches) {
            if (match.equals(Match.ANY)) {
                if (entrance.otherwise().isEmpty()) {
                    entrance.otherwise(pool, said);
                } else {
                    said.tell(Verdict.LOST, "something before it takes everything", place);
                }
                continue;
            }
            var differences = new ArrayList<>(match.differences());
            if (proxied.earlier(entrance).stream().anyMatch(match::beats)) {
                differences.add("goes before less specific routes, whatever the order");
            }
            proxied.earlier(entrance).add(match);
            var route = match.conditions(place);
            entrance.route(route, pool);
            route.tell(
                    said,
                    differences.isEmpty() ? Verdict.CARRIED : Verdict.DIFFERS,
                    "route to " + pool.name() + ": " + match
                            + (differences.isEmpty() ? "" : " (" + String.join("; ", differences) + ")"));
        }
    }
}
