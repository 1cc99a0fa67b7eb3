package io.tickstorm.proxy.metrics;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.tickstorm.proxy.backend.Backend;
import io.tickstorm.proxy.endpoint.Histogram;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;

/** The histogram of each upstream, read when it is scraped: nothing is kept for what is gone. Any thread. */
public final class LatencyHistograms implements Collector {
    /**
     * Of one backend; each has 18 series. The upstreams beyond share one histogram, so that a backend of ten thousand pods costs
     * a scrape no more than one of five hundred.
     */
    static final int MOST = 500;

    static final String OTHERS = "(others)";
    private static final double NANOS = 1e9;

    private final Supplier<? extends Collection<Backend>> backends;
    private final RequestExemplars exemplars;

    public LatencyHistograms(Supplier<? extends Collection<Backend>> backends, RequestExemplars exemplars) {
        this.backends = backends;
        this.exemplars = exemplars;
    }

    @Override
    public MetricSnapshot collect() {
        var all = HistogramSnapshot.builder()
                .name("tick_storm_upstream_latency_seconds")
                .help(
                        "From the beginning of an attempt to the head of its answer, for TCP to the connection; failed ones left out");
        var present = new HashSet<RequestExemplars.Place>();
        for (var backend : backends.get()) {
            int shown = 0;
            var others = new Histogram().snapshot();
            for (var labelled : BackendMeters.labelled(backend.upstreams()).entrySet()) {
                var upstream = labelled.getValue();
                if (shown++ < MOST) {
                    var place = new RequestExemplars.Place(
                            backend.name(), upstream.id().address());
                    present.add(place);
                    all.dataPoint(point(
                            backend.name(),
                            labelled.getKey(),
                            upstream.tally().answers().snapshot(),
                            exemplars.of(place)));
                } else {
                    others = others.plus(upstream.tally().answers().snapshot());
                }
            }
            if (shown > MOST) {
                all.dataPoint(point(backend.name(), OTHERS, others, Exemplars.EMPTY));
            }
        }
        exemplars.retain(present);
        return all.build();
    }

    private static HistogramDataPointSnapshot point(
            String backend, String upstream, Histogram.Snapshot counted, Exemplars exemplars) {
        var bounds = DoubleStream.concat(
                        Arrays.stream(Histogram.bounds()).mapToDouble(bound -> bound / NANOS),
                        DoubleStream.of(Double.POSITIVE_INFINITY))
                .toArray();
        return HistogramDataPointSnapshot.builder()
                .labels(Labels.of("backend", backend, "upstream", upstream))
                .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, counted.counts()))
                .exemplars(exemplars)
                .sum(counted.sumNanos() / NANOS)
                .build();
    }
}
