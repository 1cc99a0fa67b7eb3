package io.tickstorm.operator.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads {@code proxy-page.txt}, which a proxy said with one TCP connection open, and what becomes of it when something is missing. */
class ReportReaderTest {
    private final String page = page();

    @Test
    void whatAProxySaysIsUnderstood() {
        var report = ReportReader.read("demo-proxy-1", page);

        assertThat(report.activeConnections()).isEqualTo(1);
        assertThat(report.has("8e727725ac974eb1")).isTrue();
        assertThat(report.problems()).isEmpty();
        assertThat(report.started()).isAfter(Instant.parse("2026-11-21T00:00:00Z"));
        assertThat(report.upstreams()).singleElement().satisfies(upstream -> {
            assertThat(upstream.backend()).isEqualTo("web");
            assertThat(upstream.upstream()).isEqualTo("web-0");
            assertThat(upstream.inFlight()).isEqualTo(1);
            assertThat(upstream.connections()).isEqualTo(1);
            assertThat(upstream.attempts()).isEqualTo(1);
        });
    }

    @Test
    void openConnectionsThatAreMissingAreNotTakenForNone() {
        var without = page.replaceAll("(?m)^tick_storm_active_connections .*\\R", "");
        assertThat(without).isNotEqualTo(page);

        assertThatThrownBy(() -> ReportReader.read("demo-proxy-1", without))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tick_storm_active_connections: missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tick_storm_active_connections", "tick_storm_upstream_in_flight"})
    void aNumberThatIsNotKnownIsNotTakenForNone(String name) {
        var unknown = page.replaceAll("(?m)^(" + name + ".*) 1\\.0$", "$1 NaN");
        assertThat(unknown).isNotEqualTo(page);

        assertThatThrownBy(() -> ReportReader.read("demo-proxy-1", unknown))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name + ": NaN");
    }

    @Test
    void aPageOfSomebodyElseIsNoneOfAProxy() {
        assertThatThrownBy(() -> ReportReader.read("demo-proxy-1", "process_start_time_seconds 1.7E9\n"))
                .hasMessageContaining("tick_storm_active_connections: missing");
        assertThatThrownBy(() -> ReportReader.read("demo-proxy-1", "")).hasMessageContaining("missing");
    }

    @Test
    void aProxyThatKnowsNoEndpointHasNone() {
        var idle = page.replaceAll("(?m)^tick_storm_upstream_.*\\R", "");

        assertThat(ReportReader.read("demo-proxy-1", idle).upstreams()).isEmpty();
    }

    private static String page() {
        try (var page = ReportReaderTest.class.getResourceAsStream("proxy-page.txt")) {
            return new String(page.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
