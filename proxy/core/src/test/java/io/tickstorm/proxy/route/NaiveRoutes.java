package io.tickstorm.proxy.route;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the words of the configuration say, route by route. For hosts that are names, and paths that have but one reading. */
final class NaiveRoutes {
    private final List<Route<String>> routes;

    private record Fit(Route<String> route, boolean exact, int hostLength, int pathLength, int headers) {}

    NaiveRoutes(List<Route<String>> routes) {
        this.routes = routes;
    }

    Optional<String> find(Request request) {
        return routes.stream()
                .flatMap(route -> fit(route, request).stream())
                // max() would take the last of equals; the first in the list comes first
                .min(Comparator.comparing(Fit::exact)
                        .thenComparing(Fit::hostLength)
                        .thenComparing(Fit::pathLength)
                        .thenComparing(Fit::headers)
                        .reversed())
                .map(fit -> fit.route().target());
    }

    private static Optional<Fit> fit(Route<String> route, Request request) {
        var conditions = (HttpConditions) route.conditions();
        boolean headers = conditions.headers().stream()
                .allMatch(header -> header.value() == null
                        ? request.hasHeader(header.name())
                        : request.hasHeader(header.name(), header.value()));
        if (!headers || !startsWith(request.path(), conditions.pathPrefix().text())) {
            return Optional.empty();
        }
        int pathLength = conditions.pathPrefix().text().length();
        int headerCount = conditions.headers().size();
        if (conditions.hosts().isEmpty()) {
            return Optional.of(new Fit(route, false, -1, pathLength, headerCount));
        }
        return conditions.hosts().stream()
                .filter(host -> fits(host, request.host().toLowerCase(Locale.ROOT)))
                .max(Comparator.comparing((HostPattern host) -> !host.wildcard())
                        .thenComparing(host -> host.name().length()))
                .map(host -> new Fit(route, !host.wildcard(), host.name().length(), pathLength, headerCount));
    }

    private static boolean fits(HostPattern pattern, String host) {
        return pattern.wildcard()
                ? host.endsWith('.' + pattern.name())
                        && host.length() > pattern.name().length() + 1
                : host.equals(pattern.name());
    }

    private static boolean startsWith(String path, String prefix) {
        var segments = Arrays.asList(path.split("/"));
        var wanted = Arrays.asList(prefix.split("/"));
        return prefix.isEmpty()
                || segments.size() >= wanted.size()
                        && segments.subList(0, wanted.size()).equals(wanted);
    }
}
