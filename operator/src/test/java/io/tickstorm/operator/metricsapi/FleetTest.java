package io.tickstorm.operator.metricsapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.tickstorm.operator.telemetry.FleetReport;
import io.tickstorm.operator.telemetry.Latencies;
import io.tickstorm.operator.telemetry.ProxyReport;
import io.tickstorm.operator.telemetry.UpstreamReport;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FleetTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final Pod BACKEND = pod("web-a", "{phase: Running, podIP: 10.0.0.7}", "");
    private static final String RUNS =
            "{phase: Running, containerStatuses: [{name: proxy, started: true, state: {running: {}}}]}";

    @Test
    void aBackendHasWhatAllProxiesHaveRunningOnIt() {
        var fleet = Fleet.of(
                report(
                        List.of(),
                        proxy("p1", 50, upstream("http", "web-a", 3), upstream("tcp", "web-a", 40)),
                        proxy("p2", 60, upstream("http", "web-b", 9), upstream("http", "web-a", 2))),
                List.of());

        assertThat(fleet.ofBackend(BACKEND)).hasValue(45);
        assertThat(fleet.ofProxy(pod("p2", RUNS, ""))).hasValue(60);
    }

    @Test
    void aBackendThatNoProxyNamesHasNothing() {
        assertThat(Fleet.of(report(List.of(), proxy("p1", 5)), List.of()).ofBackend(BACKEND))
                .hasValue(0);
    }

    @Test
    void ofTwoPodsWithOneNameTheAddressDecides() {
        var fleet = Fleet.of(
                report(
                        List.of(),
                        proxy("p1", 5, upstream("http", "web-a (10.0.0.7:80)", 4)),
                        proxy("p2", 5, upstream("http", "web-a (10.0.0.70:80)", 100))),
                List.of());

        assertThat(fleet.ofBackend(BACKEND)).hasValue(4);
    }

    @Test
    void withoutAnyProxyNothingIsKnown() {
        assertThat(Fleet.of(report(List.of()), List.of()).ofBackend(BACKEND)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {phase: Running, containerStatuses: [{name: proxy, started: true, state: {running: {}}}]}                    |                      | false
            {phase: Running}                                                                                             |                      | false
            {phase: Running, containerStatuses: [{name: proxy, started: true, state: {running: {}}}]}                    | 2026-11-21T12:00:30Z | false
            {phase: Running, containerStatuses: [{name: proxy, started: true, state: {running: {}}}]}                    | 2026-11-21T11:59:59Z | true
            {phase: Running, containerStatuses: [{name: proxy, started: false, state: {running: {}}}]}                   |                      | true
            {phase: Running, containerStatuses: [{name: proxy, started: false, state: {waiting: {reason: CrashLoop}}}]}  |                      | true
            {phase: Running, containerStatuses: [{name: mesh, started: false}, {name: proxy, started: true, state: {running: {}}}]} | | false
            """)
    void onlyASilentProxyThatMayHoldSomethingMakesBackendsUnknown(String status, String deletion, boolean known) {
        var silent = pod("p2", status, deletion == null ? "" : deletion);

        var fleet = Fleet.of(report(List.of("p2"), proxy("p1", 5, upstream("http", "web-a", 4))), List.of(silent));

        assertThat(fleet.ofBackend(BACKEND)).isEqualTo(known ? OptionalLong.of(4) : OptionalLong.empty());
        assertThat(fleet.missing()).isEqualTo(known ? List.of() : List.of("p2"));
        assertThat(fleet.ofProxy(silent)).isEmpty();
    }

    private static FleetReport report(List<String> silent, ProxyReport... proxies) {
        return new FleetReport(NOW, Arrays.asList(proxies), silent);
    }

    private static ProxyReport proxy(String name, long connections, UpstreamReport... upstreams) {
        return new ProxyReport(name, "", false, NOW, connections, Arrays.asList(upstreams));
    }

    private static UpstreamReport upstream(String backend, String name, long inFlight) {
        return new UpstreamReport(backend, name, inFlight, inFlight + 10, 0, 0, Latencies.NONE);
    }

    private static Pod pod(String name, String status, String deletion) {
        return Serialization.unmarshal(
                "kind: Pod\napiVersion: v1\nmetadata: {name: " + name
                        + (deletion.isEmpty() ? "" : ", deletionTimestamp: '" + deletion + "'") + "}\nstatus: "
                        + status,
                Pod.class);
    }
}
