package io.tickstorm.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.listener.BackendShare;
import io.tickstorm.proxy.listener.ForwardedSettings;
import io.tickstorm.proxy.settings.AddressRange;
import io.tickstorm.proxy.settings.Problem;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a configuration may say about routes and about who is believed. */
class RoutesConfigTest {
    private static ConfigResult read(String listener) {
        return ProxyConfig.read("""
                listeners: [{name: http, port: 0, %s}]
                backends: [{name: web, discovery: {static: []}}, {name: api, discovery: {static: []}}]
                """.formatted(listener), "test");
    }

    private static ProxyConfig valid(String listener) {
        if (read(listener) instanceof ConfigResult.Valid(var config)) {
            return config;
        }
        throw new AssertionError(read(listener));
    }

    private static List<String> problems(String listener) {
        return read(listener) instanceof ConfigResult.Invalid invalid
                ? invalid.problems().stream().map(RoutesConfigTest::text).toList()
                : List.of();
    }

    private static String text(Problem problem) {
        return problem.path() + ": " + problem.message();
    }

    @Test
    void aListenerWithRoutesNeedsNoBackendOfItsOwn() {
        var listener = valid("routes: [{pathPrefix: /api, backends: [{name: api, weight: 2}]}]")
                .listeners()
                .getFirst();

        assertThat(listener.backends()).isEmpty();
        assertThat(listener.routes().getFirst().backends()).containsExactly(new BackendShare("api", 2));
        assertThat(problems("routes: []"))
                .containsExactly(
                        "listeners[0].backend: missing (expected: " + "a name of at most 63 of a-z, 0-9 and -)");
    }

    @Test
    void backendsOfRoutesMustBeThere() {
        assertThat(problems("backend: web, routes: [{backend: api}, {pathPrefix: /x, backend: gone}]"))
                .containsExactly(
                        "listeners[0].routes[1].backend: \"gone\" (expected: the name of a backend, web or api)");
        assertThat(problems("routes: [{pathPrefix: /x}]"))
                .containsExactly("listeners[0].routes[0].backend: missing (expected: "
                        + "a name of at most 63 of a-z, 0-9 and -)");
    }

    @Test
    void aRouteThatIsNeverTakenIsAProblem() {
        assertThat(problems(
                        "routes: [{name: a, pathPrefix: /x, backend: web}, {name: a, pathPrefix: /x/, backend: api}]"))
                .containsExactlyInAnyOrder(
                        "listeners[0].routes[1].name: \"a\" (expected: a name of its own, listeners[0].routes[0] has this one)",
                        "listeners[0].routes[1]: never taken (expected: other conditions than those of listeners[0].routes[0])");
    }

    @Test
    void aHeaderHasAValueOrIsPresent() {
        assertThat(problems("routes: [{headers: [{name: x}, {name: y, value: 1, present: true}, {name: z, value: 1}],"
                        + " backend: web}]"))
                .containsExactly(
                        "listeners[0].routes[0].headers[0]: neither value and present: true (expected: one of the two)",
                        "listeners[0].routes[0].headers[1]: both value and present: true (expected: one of the two)");
    }

    @Test
    void tcpHasServerNamesAndNothingOfHttp() {
        assertThat(problems("protocol: TCP, backend: web, routes: [{backend: api}], forwarded: {header: Both}"))
                .containsExactlyInAnyOrder(
                        "listeners[0].routes[0].serverNames: 0 (expected: 1..1024 names, such as \"*.example.org\")",
                        "listeners[0].forwarded: TCP has no headers (expected: nothing, or protocol: HTTP)");
    }

    @Test
    void nobodyIsBelievedUnlessNamed() {
        var range = Objects.requireNonNull(AddressRange.SYNTAX.parse().apply("10.0.0.0/8"));

        assertThat(valid("backend: web").listeners().getFirst().forwarded()).isEqualTo(ForwardedSettings.DEFAULT);
        assertThat(valid("backend: web, forwarded: {trustedProxies: [10.0.0.0/8], header: Forwarded}")
                        .listeners()
                        .getFirst()
                        .forwarded())
                .isEqualTo(new ForwardedSettings(List.of(range), ForwardedSettings.Header.FORWARDED));
    }

    @Test
    void anotherRouteIsAChangeOfItsListener() {
        var before = valid("routes: [{pathPrefix: /x, backend: web}]");
        var after = valid("routes: [{pathPrefix: /y, backend: web}]");

        assertThat(ConfigDiff.between(before, after).listeners().changed()).containsOnlyKeys("http");
        assertThat(ConfigDiff.between(before, before).listeners().isEmpty()).isTrue();
    }
}
