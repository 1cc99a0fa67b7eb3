package io.tickstorm.proxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tickstorm.proxy.access.Entries;
import io.tickstorm.proxy.access.Recorded;
import io.tickstorm.proxy.access.Termination;
import io.tickstorm.proxy.backend.Attempts;
import io.tickstorm.proxy.backend.Backend;
import io.tickstorm.proxy.backend.BackendSettings;
import io.tickstorm.proxy.backend.Lease;
import io.tickstorm.proxy.backend.Outcome;
import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointId;
import io.tickstorm.proxy.endpoint.EndpointSet;
import io.tickstorm.proxy.endpoint.FailureKind;
import io.tickstorm.proxy.time.ManualTime;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LatencyHistogramsTest {
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private final ManualTime time = new ManualTime();
    private final Backend backend = new Backend(
            "web", BackendSettings.DEFAULT, null, time, time, new Random(20_261_121), (endpoint, check, result) -> {});
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final RequestExemplars exemplars = new RequestExemplars();

    {
        registry.getPrometheusRegistry().register(new LatencyHistograms(() -> List.of(backend), exemplars));
    }

    @Test
    void itsBucketsAreCumulativeAsPrometheusHasThem() {
        backend.update(endpoints(1));
        answered(400_000);
        answered(3_000_000);
        answered(40_000_000_000L);

        assertThat(registry.scrape().lines())
                .contains(
                        bucket("web-0", "5.0E-4", 1),
                        bucket("web-0", "0.0025", 1),
                        bucket("web-0", "0.005", 2),
                        bucket("web-0", "30.0", 2),
                        bucket("web-0", "+Inf", 3),
                        "tick_storm_upstream_latency_seconds_count{backend=\"web\",upstream=\"web-0\"} 3");
    }

    @Test
    void whatFailedIsNotAnAnswer() {
        backend.update(endpoints(1));
        lease().end(new Outcome.Failure(FailureKind.TIMEOUT));

        assertThat(registry.scrape().lines()).contains(bucket("web-0", "+Inf", 0));
    }

    @Test
    void whatIsGoneLeavesNoSeries() {
        backend.update(endpoints(1));
        answered(400_000);
        backend.update(EndpointSet.EMPTY);

        assertThat(registry.scrape()).doesNotContain("web-0");
    }

    @Test
    void thoseBeyondTheMostShareOne() {
        backend.update(endpoints(LatencyHistograms.MOST + 7));
        for (int i = 0; i < LatencyHistograms.MOST + 7; i++) {
            lease();
        }

        var scrape = registry.scrape();

        assertThat(scrape.lines().filter(line -> line.startsWith("tick_storm_upstream_latency_seconds_count")))
                .hasSize(LatencyHistograms.MOST + 1)
                .anyMatch(line -> line.contains("upstream=\"" + LatencyHistograms.OTHERS + "\""));
    }

    @Test
    void anExemplarNamesTheLastRequestOfItsBucket() {
        backend.update(EndpointSet.of(Endpoint.active(new EndpointId("", "10.0.0.1", 8000), "web-0")));
        answered(2_402_000);
        exemplars.accept(served("first"));
        exemplars.accept(served("last"));

        assertThat(registry.scrape(OPEN_METRICS).lines())
                .filteredOn(line -> line.contains("le=\"0.0025\""))
                .singleElement()
                .asString()
                .contains("# {request_id=\"last\"} 0.002402");
        assertThat(registry.scrape()).doesNotContain("request_id");
    }

    private static Recorded served(String id) {
        return new Recorded(Instant.EPOCH, Entries.http(id, Termination.COMPLETE, 200, Entries.answered("web-0", 200)));
    }

    private void answered(long nanos) {
        lease().end(new Outcome.Success(nanos));
    }

    private Lease lease() {
        return Objects.requireNonNull(backend.acquire(new Attempts()));
    }

    private static EndpointSet endpoints(int count) {
        return new EndpointSet(IntStream.range(0, count)
                .mapToObj(i -> Endpoint.active(new EndpointId("u" + i, "10.0.0." + i, 8000), "web-" + i))
                .toList());
    }

    private static String bucket(String upstream, String bound, int count) {
        return "tick_storm_upstream_latency_seconds_bucket{backend=\"web\",upstream=\"" + upstream + "\",le=\"" + bound
                + "\"} " + count;
    }
}
