package io.tickstorm.operator.telemetry;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads what a proxy says on its port of metrics; {@code docs/metrics.md} has the names. */
final class ReportReader {
    private static final String PREFIX = "tick_storm_";
    private static final String STARTED = "process_start_time_seconds";
    private static final long MILLIS = 1000;

    private final Map<Place, Counts> upstreams = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();
    private String configuration = "";
    private boolean refused;
    private Instant started = Instant.EPOCH;
    private long activeConnections;

    private ReportReader() {}

    private record Place(String backend, String upstream) {}

    private static final class Counts {
        long inFlight;
        long connections;
        long attempts;
        long failures;
        final TreeMap<Double, Long> cumulative = new TreeMap<>();

        /** Prometheus counts in each bucket what was in those before, too. */
        Latencies answers() {
            var counts = new TreeMap<Double, Long>();
            long before = 0;
            for (var bucket : cumulative.entrySet()) {
                counts.put(bucket.getKey(), bucket.getValue() - before);
                before = bucket.getValue();
            }
            return new Latencies(counts);
        }
    }

    /** @throws IllegalArgumentException if the text is not in the format of Prometheus, with the line */
    static ProxyReport read(String pod, String exposition) {
        var reader = new ReportReader();
        exposition
                .lines()
                .filter(line -> line.startsWith(PREFIX) || line.startsWith(STARTED))
                .forEach(line -> reader.take(Sample.read(line)));
        return reader.report(pod);
    }

    private void take(Sample sample) {
        switch (sample.name()) {
            case "tick_storm_configuration_info" -> configuration = sample.label("hash");
            case "tick_storm_configuration_refused" -> refused = sample.value() != 0;
            case "tick_storm_configuration_problem" -> problems.add(sample.label("problem"));
            case "tick_storm_active_connections" -> activeConnections = (long) sample.value();
            case "tick_storm_upstream_in_flight" -> counts(sample).inFlight = (long) sample.value();
            case "tick_storm_upstream_connections" -> counts(sample).connections = (long) sample.value();
            case "tick_storm_upstream_requests_total" -> counts(sample).attempts = (long) sample.value();
            case "tick_storm_upstream_failures_total" -> counts(sample).failures = (long) sample.value();
            case "tick_storm_upstream_latency_seconds_bucket" ->
                counts(sample).cumulative.put(Sample.number(sample.label("le")), (long) sample.value());
            case STARTED -> started = Instant.ofEpochMilli((long) (sample.value() * MILLIS));
            default -> {
                // of no use here
            }
        }
    }

    private Counts counts(Sample sample) {
        return upstreams.computeIfAbsent(
                new Place(sample.label("backend"), sample.label("upstream")), place -> new Counts());
    }

    private ProxyReport report(String pod) {
        return new ProxyReport(
                pod,
                configuration,
                refused,
                started,
                activeConnections,
                upstreams.entrySet().stream()
                        .map(entry -> upstream(entry.getKey(), entry.getValue()))
                        .toList(),
                problems);
    }

    private static UpstreamReport upstream(Place place, Counts counts) {
        return new UpstreamReport(
                place.backend(),
                place.upstream(),
                counts.inFlight,
                counts.connections,
                counts.attempts,
                counts.failures,
                counts.answers());
    }
}
