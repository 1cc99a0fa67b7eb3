package io.tickstorm.proxy.metrics;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.List;
import java.util.function.Supplier;

/**
 * What is wrong with the last configuration that came, in words: an alert that names the setting saves the way to the log. There are no series while all is well. Any
 * thread.
 */
public final class ConfigurationProblems implements Collector {
    /** A file that is no configuration at all has as many problems as lines; the first ones tell. */
    static final int MOST = 5;

    static final int LONGEST = 500;

    private final Supplier<List<String>> problems;

    /** @param problems asked at each scrape; one line each */
    public ConfigurationProblems(Supplier<List<String>> problems) {
        this.problems = problems;
    }

    @Override
    public MetricSnapshot collect() {
        var all = GaugeSnapshot.builder()
                .name("tick_storm_configuration_problem")
                .help("1 for each thing that is wrong with the last configuration that came; at most " + MOST);
        problems.get().stream()
                .map(problem -> problem.substring(0, Math.min(problem.length(), LONGEST)))
                .distinct()
                .limit(MOST)
                .forEach(problem -> all.dataPoint(new GaugeDataPointSnapshot(1, Labels.of("problem", problem), null)));
        return all.build();
    }
}
