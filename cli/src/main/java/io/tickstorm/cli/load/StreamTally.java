package io.tickstorm.cli.load;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** What became of the subscriptions of one run. One event loop. */
final class StreamTally {
    private final long startNanos;
    private final Map<String, Long> endings = new TreeMap<>();
    private final Map<String, Long> servers = new TreeMap<>();
    private final Histogram pauses = new Histogram(3);
    private long batches;
    private long ticks;
    private long missing;
    private long disordered;
    private long reconnects;
    private long unanswered;

    StreamTally(long startNanos) {
        this.startNanos = startNanos;
    }

    void batch(String server, int tickCount) {
        batches++;
        ticks += tickCount;
        servers.merge(server, 1L, Long::sum);
    }

    void missing(long count) {
        missing += count;
    }

    void disordered() {
        disordered++;
    }

    void ended(String how) {
        endings.merge(how, 1L, Long::sum);
    }

    /** A subscription goes on after {@code nanos} without a batch. */
    void resumed(long nanos) {
        reconnects++;
        pauses.recordValue(Math.max(0, nanos));
    }

    void unanswered() {
        unanswered++;
    }

    String line(long nowNanos, long live) {
        return String.format(
                java.util.Locale.ROOT,
                "%3d s  %,5d live  %,11d batches  %,5d missing  %,5d reconnects",
                Duration.ofNanos(nowNanos - startNanos).toSeconds(),
                live,
                batches,
                missing,
                reconnects);
    }

    StreamReport report(StreamPlan plan, long nowNanos, int live) {
        return new StreamReport(
                plan,
                Duration.ofNanos(nowNanos - startNanos),
                live,
                batches,
                ticks,
                missing,
                disordered,
                reconnects,
                Map.copyOf(endings),
                Map.copyOf(servers),
                Latency.of(pauses),
                unanswered);
    }
}
