package io.tickstorm.operator.telemetry;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a proxy says on its port of metrics; {@code docs/metrics.md} has the names. A page that does not say what is open is none of a proxy: a number that is
 * missing must not be taken for 0, since autoscalers go by it.
 */
final class ReportReader {
    private static final String PREFIX = "tick_storm_";
    private static final String STARTED = "process_start_time_seconds";
    private static final String ACTIVE = "tick_storm_active_connections";
    private static final long MILLIS = 1000;

    private final Map<Place, Counts> upstreams = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();
    private String configuration = "";
    private boolean refused;
    private Instant started = Instant.EPOCH;
    private @Nullable Long activeConnections;

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

    /** @throws IllegalArgumentException if the text is not in the format of Prometheus, with the line, or does not say what is open */
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
            case ACTIVE -> activeConnections = whole(sample);
            case "tick_storm_upstream_in_flight" -> counts(sample).inFlight = whole(sample);
            case "tick_storm_upstream_connections" -> counts(sample).connections = whole(sample);
            case "tick_storm_upstream_requests_total" -> counts(sample).attempts = whole(sample);
            case "tick_storm_upstream_failures_total" -> counts(sample).failures = whole(sample);
            case "tick_storm_upstream_latency_seconds_bucket" ->
                counts(sample).cumulative.put(Sample.number(sample.label("le")), whole(sample));
            case STARTED -> started = Instant.ofEpochMilli((long) (sample.value() * MILLIS));
            default -> {
                // of no use here
            }
        }
    }

    /** What is not known is written as NaN. */
    private static long whole(Sample sample) {
        if (!Double.isFinite(sample.value())) {
            throw new IllegalArgumentException(sample.name() + ": " + sample.value() + " (expected: a number)");
        }
        return (long) sample.value();
    }

    private Counts counts(Sample sample) {
        return upstreams.computeIfAbsent(
                new Place(sample.label("backend"), sample.label("upstream")), place -> new Counts());
    }

    private ProxyReport report(String pod) {
        if (activeConnections == null) {
            throw new IllegalArgumentException(ACTIVE + ": missing (expected: a number)");
        }
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
