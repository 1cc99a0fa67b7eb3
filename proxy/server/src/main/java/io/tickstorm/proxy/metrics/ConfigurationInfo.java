package io.tickstorm.proxy.metrics;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.function.Supplier;

/** Which text of configuration is in use, by its hash, so that whoever wrote it knows that it has come. Any thread. */
public final class ConfigurationInfo implements Collector {
    private final Supplier<String> hash;

    /** @param hash asked at each scrape; empty = none yet */
    public ConfigurationInfo(Supplier<String> hash) {
        this.hash = hash;
    }

    @Override
    public MetricSnapshot collect() {
        var info = InfoSnapshot.builder()
                .name("tick_storm_configuration")
                .help("1, with the hash of the text that was taken over last");
        var now = hash.get();
        if (!now.isEmpty()) {
            info.dataPoint(new InfoDataPointSnapshot(Labels.of("hash", now)));
        }
        return info.build();
    }
}
