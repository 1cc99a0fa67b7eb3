package io.tickstorm.proxy.route;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the route of an HTTP request. Immutable; any thread. */
public final class HttpRoutes<T> {
    private final boolean empty;
    private final HostTable<PathTable<List<Candidate<T>>>> hosts;
    private final PathTable<List<Candidate<T>>> anyHost;
    private final Choice<T> otherwise;
    private final Choice<T> ambiguous = new Choice.Ambiguous<>();

    /** @param headers that it needs beyond the host and the path under which it stands */
    private record Candidate<T>(List<HeaderCondition> headers, Choice<T> choice) {
        boolean fits(Asking request) {
            for (int i = 0; i < headers.size(); i++) {
                var header = headers.get(i);
                var value = header.value();
                if (value == null ? !request.hasHeader(header.name()) : !request.hasHeader(header.name(), value)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** @param routes those with {@link HttpConditions} count */
    public HttpRoutes(Routes<T> routes) {
        var byHost = new LinkedHashMap<HostPattern, Map<PathPrefix, List<Candidate<T>>>>();
        var anywhere = new LinkedHashMap<PathPrefix, List<Candidate<T>>>();
        for (var route : routes.list()) {
            switch (route.conditions()) {
                case HttpConditions conditions -> {
                    var candidate = new Candidate<>(conditions.headers(), new Choice.Found<>(route.target()));
                    if (conditions.hosts().isEmpty()) {
                        add(anywhere, conditions.pathPrefix(), candidate);
                    }
                    for (var host : conditions.hosts()) {
                        add(
                                byHost.computeIfAbsent(host, key -> new LinkedHashMap<>()),
                                conditions.pathPrefix(),
                                candidate);
                    }
                }
                case ServerNames others -> {}
            }
        }
        var tables = new LinkedHashMap<HostPattern, PathTable<List<Candidate<T>>>>();
        byHost.forEach((host, paths) -> tables.put(host, table(paths)));
        this.empty = routes.list().isEmpty();
        this.hosts = new HostTable<>(tables);
        this.anyHost = table(anywhere);
        var fallback = routes.otherwise();
        this.otherwise = fallback == null ? new Choice.Nowhere<>() : new Choice.Found<>(fallback);
    }

    private static <T> void add(Map<PathPrefix, List<Candidate<T>>> paths, PathPrefix path, Candidate<T> candidate) {
        paths.computeIfAbsent(path, key -> new ArrayList<>()).add(candidate);
    }

    private static <T> PathTable<List<Candidate<T>>> table(Map<PathPrefix, List<Candidate<T>>> paths) {
        // stable: those of equally many headers stay in their order
        paths.replaceAll((path, candidates) -> candidates.stream()
                .sorted(Collections.reverseOrder(
                        Comparator.comparing(candidate -> candidate.headers().size())))
                .toList());
        return new PathTable<>(paths);
    }

    /** Where the request goes; allocates nothing if its path is written plainly. */
    public Choice<T> choose(Asking request) {
        if (empty) {
            return otherwise;
        }
        var bytes = request.bytes();
        int from = request.pathStart();
        int to = request.pathEnd();
        var host = hosts.find(bytes, request.hostStart(), request.hostEnd());
        if (!distinguishesPaths(host) || PathReading.plain(bytes, from, to)) {
            return choose(request, host, bytes, from, to);
        }
        var reading = PathReading.of(bytes, from, to);
        if (reading == null) {
            return ambiguous;
        }
        var strict = choose(request, host, reading.strict(), 0, reading.strict().length);
        var loose = choose(request, host, reading.loose(), 0, reading.loose().length);
        return strict == loose ? strict : ambiguous;
    }

    private boolean distinguishesPaths(HostTable.@Nullable Match<PathTable<List<Candidate<T>>>> host) {
        boolean distinguishes = anyHost.distinguishes();
        for (var at = host; at != null && !distinguishes; at = at.wider()) {
            distinguishes = at.value().distinguishes();
        }
        return distinguishes;
    }

    private Choice<T> choose(
            Asking request,
            HostTable.@Nullable Match<PathTable<List<Candidate<T>>>> host,
            byte[] path,
            int from,
            int to) {
        for (var at = host; at != null; at = at.wider()) {
            var found = among(at.value(), request, path, from, to);
            if (found != null) {
                return found;
            }
        }
        var found = among(anyHost, request, path, from, to);
        return found == null ? otherwise : found;
    }

    private @Nullable Choice<T> among(
            PathTable<List<Candidate<T>>> paths, Asking request, byte[] path, int from, int to) {
        for (var at = paths.find(path, from, to); at != null; at = at.shorter()) {
            var candidates = at.value();
            for (int i = 0; i < candidates.size(); i++) {
                if (candidates.get(i).fits(request)) {
                    return candidates.get(i).choice();
                }
            }
        }
        return null;
    }
}
