package io.tickstorm.cli.importing.haproxy;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What of HAProxy's tests the conditions of a route can say. */
final class Criteria {
    private static final int MOST_ROUTES = 200;
    private static final String SEGMENTS = "a path fits by whole segments";

    private Criteria() {}

    /** The routes that stand for a condition, in no order. */
    static List<Match> matches(Condition condition) throws InexpressibleException {
        var all = new ArrayList<Match>();
        for (var terms : condition.alternatives()) {
            var matches = List.of(Match.ANY);
            for (var term : terms) {
                matches = product(matches, matches(term));
            }
            all.addAll(matches);
        }
        return all;
    }

    private static List<Match> product(List<Match> some, List<Match> others) throws InexpressibleException {
        var product = new ArrayList<Match>();
        for (var one : some) {
            for (var other : others) {
                product.add(one.and(other));
            }
        }
        if (product.size() > MOST_ROUTES) {
            throw new InexpressibleException("it takes more than " + MOST_ROUTES + " routes");
        }
        return product;
    }

    private static List<Match> matches(Condition.Term term) throws InexpressibleException {
        if (term.negated()) {
            throw new InexpressibleException("routes cannot say what must not hold (!" + term.shown() + ")");
        }
        if (term.acls().isEmpty()) {
            if (Set.of("TRUE", "HTTP", "WAIT_END").contains(term.shown())) {
                return List.of(Match.ANY);
            }
            throw new InexpressibleException("nothing defines " + term.shown());
        }
        var matches = new ArrayList<Match>();
        for (var acl : term.acls()) {
            matches.addAll(matches(acl));
        }
        return joined(matches);
    }

    /** Those that only name hosts, or only server names, become one. */
    private static List<Match> joined(List<Match> matches) {
        var hosts = new LinkedHashSet<String>();
        var names = new LinkedHashSet<String>();
        var differences = new LinkedHashSet<String>();
        for (var match : matches) {
            if (!match.path().isEmpty() || !match.headers().isEmpty() || match.equals(Match.ANY)) {
                return matches;
            }
            hosts.addAll(match.hosts());
            names.addAll(match.serverNames());
            differences.addAll(match.differences());
        }
        return hosts.isEmpty() == names.isEmpty()
                ? matches
                : List.of(new Match(hosts, names, "", Map.of(), differences));
    }

    private static List<Match> matches(Acl acl) throws InexpressibleException {
        if (acl.match().equals("file")) {
            throw new InexpressibleException(
                    "patterns in a file (-f " + acl.patterns().getFirst() + ") are not read");
        }
        return switch (acl.what()) {
            case "path", "url" -> each(acl, Criteria::path);
            case "hdr", "req.hdr", "req.fhdr", "shdr" ->
                acl.argument().equalsIgnoreCase("host")
                        ? each(acl, Criteria::host)
                        : header(acl, acl.argument().replaceAll(",.*", "").toLowerCase(Locale.ROOT));
            case "req.ssl_sni", "req_ssl_sni", "ssl_fc_sni" -> each(acl, Criteria::serverName);
            case "always_true" -> List.of(Match.ANY);
            case "req.ssl_hello_type", "req_ssl_hello_type" -> List.of(Match.ANY);
            default -> throw cannot(acl);
        };
    }

    private interface Single {
        Match of(Acl acl, String pattern) throws InexpressibleException;
    }

    private static List<Match> each(Acl acl, Single single) throws InexpressibleException {
        var matches = new ArrayList<Match>();
        for (var pattern : acl.patterns()) {
            matches.add(single.of(acl, pattern));
        }
        return matches;
    }

    private static Match path(Acl acl, String pattern) throws InexpressibleException {
        return switch (acl.match()) {
            case "beg" -> pattern.equals("/") ? Match.ANY : Match.path(pattern, SEGMENTS);
            case "", "str" -> Match.path(pattern, "what lies below " + pattern + " fits, too");
            default -> throw cannot(acl);
        };
    }

    private static Match host(Acl acl, String pattern) throws InexpressibleException {
        var host = pattern.toLowerCase(Locale.ROOT).replaceAll(":\\d+$", "");
        return switch (acl.match()) {
            case "", "str" ->
                host.length() == pattern.length()
                        ? Match.host(host)
                        : Match.host(host, "the port of the host does not count");
            case "end" -> {
                if (!host.startsWith(".")) {
                    throw cannot(acl);
                }
                yield Match.host("*" + host);
            }
            case "dom" -> Match.host(host, "the host itself, not names that have it in them");
            default -> throw cannot(acl);
        };
    }

    private static Match serverName(Acl acl, String pattern) throws InexpressibleException {
        var name = pattern.toLowerCase(Locale.ROOT);
        return switch (acl.match()) {
            case "", "str" -> Match.serverName(name);
            case "end" -> {
                if (!name.startsWith(".")) {
                    throw cannot(acl);
                }
                yield Match.serverName("*" + name);
            }
            default -> throw cannot(acl);
        };
    }

    private static List<Match> header(Acl acl, String name) throws InexpressibleException {
        boolean upgrade = acl.patterns().stream()
                .anyMatch(pattern -> pattern.equalsIgnoreCase("websocket") || pattern.equalsIgnoreCase("upgrade"));
        if (upgrade && (name.equals("upgrade") || name.equals("connection"))) {
            return List.of(Match.header("upgrade", "", "any request with Upgrade"));
        }
        if (acl.match().equals("found")) {
            return List.of(Match.header(name, ""));
        }
        if (!acl.match().isEmpty() && !acl.match().equals("str")) {
            throw cannot(acl);
        }
        return each(
                acl,
                (test, pattern) -> acl.ignoresCase()
                        ? Match.header(name, pattern, "values are compared letter by letter")
                        : Match.header(name, pattern));
    }

    private static InexpressibleException cannot(Acl acl) {
        var how = acl.match().isEmpty() ? "" : " -m " + acl.match();
        return new InexpressibleException("routes cannot look at " + acl.fetch() + how);
    }
}
