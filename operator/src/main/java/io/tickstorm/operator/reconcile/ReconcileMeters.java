package io.tickstorm.operator.reconcile;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What the operator counts. */
final class ReconcileMeters {
    private final MeterRegistry registry;
    private final Timer done;
    private final Timer failed;

    ReconcileMeters(MeterRegistry registry) {
        this.registry = registry;
        done = passes(registry, "done");
        failed = passes(registry, "failed");
    }

    private static Timer passes(MeterRegistry registry, String result) {
        return Timer.builder("tick.storm.operator.reconcile")
                .description("Passes over one cluster")
                .tag("result", result)
                .register(registry);
    }

    /** What is counted of the operator as a whole. */
    static void bind(Operator operator, MeterRegistry registry) {
        Gauge.builder("tick.storm.operator.leading", operator, it -> it.leading() ? 1 : 0)
                .description("1 if this process leads, 0 if it waits")
                .register(registry);
        Gauge.builder("tick.storm.operator.clusters", operator, Operator::clusters)
                .description("Clusters that are seen; 0 while waiting")
                .register(registry);
    }

    /** For whoever leads, as long as that lasts. */
    ClusterMeters clusters() {
        return new ClusterMeters(registry);
    }

    <T extends @Nullable Object> T timed(Callable<T> pass) throws Exception {
        var start = System.nanoTime();
        var timer = failed;
        try {
            var result = pass.call();
            timer = done;
            return result;
        } finally {
            timer.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
        }
    }
}
