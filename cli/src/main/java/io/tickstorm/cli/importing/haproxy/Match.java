package io.tickstorm.cli.importing.haproxy;

import io.tickstorm.cli.importing.draft.Settings;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The conditions of one route, as ours has them: all must hold; of hosts, and of server names, one.
 *
 * @param hosts any if empty
 * @param path a prefix; any if empty
 * @param headers values by name; an empty value stands for any
 * @param differences what does not mean quite the same
 */
record Match(
        Set<String> hosts, Set<String> serverNames, String path, Map<String, String> headers, Set<String> differences) {
    static final Match ANY = new Match(Set.of(), Set.of(), "", Map.of(), Set.of());

    static Match host(String host, String... differences) {
        return new Match(Set.of(host), Set.of(), "", Map.of(), Set.of(differences));
    }

    static Match serverName(String name, String... differences) {
        return new Match(Set.of(), Set.of(name), "", Map.of(), Set.of(differences));
    }

    static Match path(String path, String... differences) {
        return new Match(Set.of(), Set.of(), path, Map.of(), Set.of(differences));
    }

    static Match header(String name, String value, String... differences) {
        return new Match(Set.of(), Set.of(), "", Map.of(name, value), Set.of(differences));
    }

    /** Both at once. */
    Match and(Match other) throws InexpressibleException {
        if (!path.isEmpty() && !other.path.isEmpty()
                || !hosts.isEmpty() && !other.hosts.isEmpty()
                || !serverNames.isEmpty() && !other.serverNames.isEmpty()) {
            throw new InexpressibleException("a route has one path and one list of hosts");
        }
        var headersOfBoth = new TreeMap<>(headers);
        headersOfBoth.putAll(other.headers);
        return new Match(
                union(hosts, other.hosts),
                union(serverNames, other.serverNames),
                path + other.path,
                headersOfBoth,
                union(differences, other.differences));
    }

    private static Set<String> union(Set<String> some, Set<String> others) {
        var union = new LinkedHashSet<>(some);
        union.addAll(others);
        return union;
    }

    /** Whether a request that fits both goes by this one, although the other comes first. */
    boolean beats(Match earlier) {
        boolean disjoint =
                !hosts.isEmpty() && !earlier.hosts.isEmpty() && hosts.stream().noneMatch(earlier.hosts::contains);
        if (disjoint) {
            return false;
        }
        int byHost = Integer.compare(hosts.isEmpty() ? 0 : 1, earlier.hosts.isEmpty() ? 0 : 1);
        int byPath = Integer.compare(path.length(), earlier.path.length());
        int byHeaders = Integer.compare(headers.size(), earlier.headers.size());
        return byHost > 0 || byHost == 0 && (byPath > 0 || byPath == 0 && byHeaders > 0);
    }

    /** As a route of the result. */
    Settings conditions(String place) {
        var route = new Settings(place);
        if (!hosts.isEmpty()) {
            route.put("hosts", List.copyOf(hosts));
        }
        if (!serverNames.isEmpty()) {
            route.put("serverNames", List.copyOf(serverNames));
        }
        if (!path.isEmpty()) {
            route.put("pathPrefix", path);
        }
        headers.forEach((name, value) -> {
            var header = new Settings(place);
            header.put("name", name);
            header.put(value.isEmpty() ? "present" : "value", value.isEmpty() ? (Object) true : value);
            route.add("headers", header);
        });
        return route;
    }

    /** For people, such as {@code hosts shop.example.org, path /api}. */
    @Override
    public String toString() {
        var parts = new ArrayList<String>();
        if (!hosts.isEmpty()) {
            parts.add("hosts " + String.join(" ", hosts));
        }
        if (!serverNames.isEmpty()) {
            parts.add("serverNames " + String.join(" ", serverNames));
        }
        if (!path.isEmpty()) {
            parts.add("pathPrefix " + path);
        }
        headers.forEach((name, value) -> parts.add("header " + name + (value.isEmpty() ? "" : " " + value)));
        return parts.isEmpty() ? "everything" : String.join(", ", parts);
    }
}
