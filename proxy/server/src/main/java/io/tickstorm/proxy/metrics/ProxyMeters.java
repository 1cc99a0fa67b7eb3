package io.tickstorm.proxy.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;

/** Meters that read a number when they are scraped, and go together: a listener's, a backend's, an upstream's. */
public final class ProxyMeters {
    private static final String PREFIX = "tick_storm_";

    private final MeterRegistry registry;
    private final Tags tags;
    private final List<Meter> registered = new ArrayList<>();

    /** @param tags label names and values, in turn; they are on each of these meters */
    public ProxyMeters(MeterRegistry registry, String... tags) {
        this.registry = registry;
        this.tags = Tags.of(tags);
    }

    /** A number that goes up and down; {@code name} without the prefix {@code tick_storm_}. */
    public ProxyMeters gauge(String name, String help, DoubleSupplier value, String... more) {
        registered.add(Gauge.builder(PREFIX + name, value::getAsDouble)
                .description(help)
                .tags(tags.and(more))
                .strongReference(true)
                .register(registry));
        return this;
    }

    /** A number that only grows; the exposition adds {@code _total} to its name. */
    public ProxyMeters counter(String name, String help, DoubleSupplier value, String... more) {
        registered.add(FunctionCounter.builder(PREFIX + name, this, ignored -> value.getAsDouble())
                .description(help)
                .tags(tags.and(more))
                .register(registry));
        return this;
    }

    /** Takes all of them out of the registry. */
    public void remove() {
        registered.forEach(registry::remove);
        registered.clear();
    }
}
