package io.tickstorm.operator.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MeasuredTest {
    private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");
    private static final Instant LONG_AGO = START.minusSeconds(1000);

    @Test
    void itIsTheGrowthOfAllEndpointsOnAllProxies() {
        var before = fleet(0, proxy("a", web("web-0", 100, 10), web("web-1", 50, 0)), proxy("b", web("web-0", 7, 0)));
        var after = fleet(10, proxy("a", web("web-0", 130, 13), web("web-1", 51, 1)), proxy("b", web("web-0", 17, 0)));

        var measured = Measured.between(before, after, "web");

        assertThat(measured.begun()).isEqualTo(41);
        assertThat(measured.failed()).isEqualTo(4);
        assertThat(measured.requests()).isEqualTo(41);
        assertThat(measured.failedPercent()).isEqualTo(100.0 * 4 / 41);
        assertThat(measured.p99()).isBetween(Duration.ofMillis(9), Duration.ofMillis(10));
    }

    @Test
    void otherBackendsDoNotCount() {
        var other = new UpstreamReport("web-green", "green-0", 0, 0, 30, 30, Latencies.NONE);

        var measured = Measured.between(fleet(0, proxy("a")), fleet(10, proxy("a", web("web-0", 2, 1), other)), "web");

        assertThat(measured.begun()).isEqualTo(2);
    }

    @Test
    void anEndpointThatBeganAnewCountsWithAllThatItHas() {
        var measured = Measured.between(
                fleet(0, proxy("a", web("web-0", 100, 10))), fleet(10, proxy("a", web("web-0", 5, 2))), "web");

        assertThat(measured.begun()).isEqualTo(5);
        assertThat(measured.failed()).isEqualTo(2);
    }

    @Test
    void aProxyThatStartedSinceCountsWithAllThatItHas() {
        var fresh =
                new ProxyReport("a", "0123456789abcdef", false, START.plusSeconds(3), 0, List.of(web("web-0", 500, 3)));

        var measured = Measured.between(fleet(0, proxy("a", web("web-0", 100, 10))), fleet(10, fresh), "web");

        assertThat(measured.begun()).isEqualTo(500);
        assertThat(measured.failed()).isEqualTo(3);
    }

    @Test
    void aProxyThatWasSilentBeforeCountsNotForNobodyKnowsSinceWhen() {
        var measured = Measured.between(fleet(0), fleet(10, proxy("a", web("web-0", 1_000_000, 999))), "web");

        assertThat(measured).isEqualTo(Measured.NOTHING);
        assertThat(measured.failedPercent()).isZero();
        assertThat(measured.p99()).isNull();
    }

    @Test
    void aConfigurationIsEverywhereOnceNobodyIsSilentOrRefusesANewerOne() {
        var has = proxy("a");
        var other = new ProxyReport("b", "fedcba9876543210", false, LONG_AGO, 0, List.of());
        var refuses = new ProxyReport("c", "0123456789abcdef", true, LONG_AGO, 0, List.of());

        assertThat(fleet(0, has).allHave("0123456789abcdef")).isTrue();
        assertThat(fleet(0, has, other).allHave("0123456789abcdef")).isFalse();
        assertThat(fleet(0, has, other, refuses).having("0123456789abcdef")).isEqualTo(1);
        assertThat(new FleetReport(START, List.of(has), List.of("b")).allHave("0123456789abcdef"))
                .isFalse();
        assertThat(fleet(0).allHave("0123456789abcdef")).isFalse();
    }

    private static FleetReport fleet(int seconds, ProxyReport... proxies) {
        return new FleetReport(START.plusSeconds(seconds), List.of(proxies), List.of());
    }

    private static ProxyReport proxy(String pod, UpstreamReport... upstreams) {
        return new ProxyReport(pod, "0123456789abcdef", false, LONG_AGO, 0, List.of(upstreams));
    }

    /** All answers took 5 to 10 ms. */
    private static UpstreamReport web(String upstream, long attempts, long failures) {
        var answers = new Latencies(new TreeMap<>(Map.of(0.005, 0L, 0.01, attempts - failures)));
        return new UpstreamReport("web", upstream, 0, 0, attempts, failures, answers);
    }
}
