package io.tickstorm.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.property.Chance;
import io.tickstorm.proxy.property.Property;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What holds for all routes and requests, tried on random ones of few words, so that they meet often. */
class HttpRoutesPropertyTest {
    private static final List<String> LABELS = List.of("a", "b", "org");
    private static final List<String> SEGMENTS = List.of("x", "xy", "%20", "~");
    private static final List<String> SEPARATORS =
            List.of("/", "/", "/", "//", "\\", "%2F", "%5c", "/./", "/%2E%2e/", "/..;v/");

    private record Case(List<Route<String>> routes, List<Request> requests) {}

    @Test
    void theSameRouteIsFoundAsByLookingAtEachInTurn() {
        Property.holds(
                2_000,
                chance -> new Case(
                        chance.list(0, 30, i -> route(chance, i)),
                        chance.list(1, 20, i -> request(chance, path(chance, List.of("/"))))),
                made -> {
                    var routes = new HttpRoutes<>(new Routes<>(made.routes(), null));
                    var naive = new NaiveRoutes(made.routes());
                    for (var request : made.requests()) {
                        var expected = naive.find(request)
                                .<Choice<String>>map(Choice.Found::new)
                                .orElse(new Choice.Nowhere<>());
                        assertThat(routes.choose(request)).as("%s", request).isEqualTo(expected);
                    }
                });
    }

    /** Whatever a server makes of the separators, of which it takes any for one or not, it finds the route that we found. */
    @Test
    void aPathThatIsPassedOnHasOneRouteInEveryReading() {
        Property.holds(
                2_000,
                chance -> new Case(
                        chance.list(1, 20, i -> route(chance, i)),
                        chance.list(1, 20, i -> request(chance, path(chance, SEPARATORS)))),
                made -> {
                    var routes = new HttpRoutes<>(new Routes<>(made.routes(), "otherwise"));
                    var naive = new NaiveRoutes(made.routes());
                    for (var request : made.requests()) {
                        if (routes.choose(request) instanceof Choice.Found<String>(var target)) {
                            for (var reading : readings(request.path())) {
                                var read = new Request(request.host(), reading, request.headers());
                                assertThat(naive.find(read).orElse("otherwise"))
                                        .as("%s read as %s", request, reading)
                                        .isEqualTo(target);
                            }
                        }
                    }
                });
    }

    /** What servers may take a path for: with the dots resolved or not, separators decoded or not, empty segments kept or not. */
    private static List<String> readings(String path) {
        var readings = new ArrayList<String>();
        for (var decoded : List.of(path, path.replaceAll("(?i)%2F", "/"), path.replaceAll("(?i)\\\\|%2F|%5C", "/"))) {
            var unreserved = decoded.replaceAll("(?i)%2E", ".").replace("%7E", "~");
            for (var named : List.of(unreserved, unreserved.replaceAll(";[^/\\\\]*", ""))) {
                for (var merged : List.of(named, named.replaceAll("/+", "/"))) {
                    readings.add(merged);
                    readings.add(withoutDots(merged));
                }
            }
        }
        return readings;
    }

    /** RFC 3986 section 5.2.4. */
    private static String withoutDots(String path) {
        var segments = new ArrayList<String>();
        for (var segment : path.split("/", -1)) {
            if (segment.equals("..") && segments.size() > 1) {
                segments.removeLast();
            } else if (!segment.equals(".") && !segment.equals("..")) {
                segments.add(segment);
            }
        }
        return String.join("/", segments);
    }

    private static Route<String> route(Chance chance, int number) {
        var conditions = new HttpConditions(
                chance.list(0, 3, i -> host(chance)).stream().distinct().toList(),
                prefix(path(chance, List.of("/"))),
                chance.list(0, 2, i -> header(chance)));
        return new Route<>("", conditions, "route " + number);
    }

    private static PathPrefix prefix(String path) {
        return Objects.requireNonNull(PathPrefix.parse(path), path);
    }

    private static HostPattern host(Chance chance) {
        return new HostPattern(name(chance), chance.yes());
    }

    private static String name(Chance chance) {
        return String.join(".", chance.list(1, 4, i -> chance.oneOf(LABELS)));
    }

    private static HeaderCondition header(Chance chance) {
        return new HeaderCondition(chance.oneOf(List.of("h", "k")), chance.yes() ? null : chance.oneOf(LABELS));
    }

    private static Request request(Chance chance, String path) {
        return new Request(
                chance.yes() ? name(chance) : name(chance).toUpperCase(java.util.Locale.ROOT),
                path,
                chance.list(0, 3, i -> Map.entry(chance.oneOf(List.of("H", "k")), chance.oneOf(LABELS))));
    }

    private static String path(Chance chance, List<String> separators) {
        var path = new StringBuilder("/");
        int segments = chance.between(0, 4);
        for (int i = 0; i < segments; i++) {
            path.append(chance.oneOf(SEGMENTS))
                    .append(i + 1 < segments || chance.yes() ? chance.oneOf(separators) : "");
        }
        return path.toString();
    }
}
