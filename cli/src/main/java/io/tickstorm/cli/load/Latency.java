package io.tickstorm.cli.load;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.HdrHistogram.AbstractHistogram;

/** Latencies of many answers, exact to three digits. All zero where there was none. */
public record Latency(
        Duration mean, Duration p50, Duration p90, Duration p99, Duration p999, Duration max, long count) {

    static Latency of(AbstractHistogram nanos) {
        return new Latency(
                Duration.ofNanos(Math.round(nanos.getMean())),
                at(nanos, 50),
                at(nanos, 90),
                at(nanos, 99),
                at(nanos, 99.9),
                at(nanos, 100),
                nanos.getTotalCount());
    }

    /** {@code 1.23 ms}; three digits, in the unit that fits. */
    public static String words(Duration duration) {
        double micros = duration.toNanos() / 1e3;
        if (micros < 1e3) {
            return digits(micros) + " us";
        }
        return micros < 1e6 ? digits(micros / 1e3) + " ms" : digits(micros / 1e6) + " s";
    }

    /** Milliseconds, so that every duration of a report has one unit. */
    static double millis(Duration duration) {
        return Math.round(duration.toNanos() / 1e3) / 1e3;
    }

    JsonObject json() {
        return new JsonObject()
                .put("count", count)
                .put("mean", millis(mean))
                .put("p50", millis(p50))
                .put("p90", millis(p90))
                .put("p99", millis(p99))
                .put("p999", millis(p999))
                .put("max", millis(max));
    }

    private static Duration at(AbstractHistogram nanos, double percentile) {
        return Duration.ofNanos(nanos.getTotalCount() == 0 ? 0 : nanos.getValueAtPercentile(percentile));
    }

    private static String digits(double value) {
        return String.format(java.util.Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value);
    }
}
