package io.tickstorm.cli.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** What became of the requests of one run. One event loop. */
final class Tally {
    private static final long MICROSECOND = 1_000;
    private static final long HOUR = 3_600_000_000_000L;
    private static final int DIGITS = 3;

    private final long startNanos;
    private final Histogram latencies = new Histogram(MICROSECOND, HOUR, DIGITS);
    private final Histogram lateness = new Histogram(MICROSECOND, HOUR, DIGITS);
    private final Map<Failure, Long> failures = new EnumMap<>(Failure.class);
    private final Map<Integer, Long> statuses = new TreeMap<>();
    private final Map<String, Long> servers = new TreeMap<>();
    private final List<Bucket> seconds = new ArrayList<>();
    private LoadReport.@Nullable Slowest slowest;
    private long sent;
    private long posts;
    private long ok;
    private long connects;
    private long strays;

    /** The requests that were intended in one second. */
    private static final class Bucket {
        private final Histogram latencies = new Histogram(MICROSECOND, HOUR, 2);
        private long sent;
        private long failed;
    }

    Tally(long startNanos) {
        this.startNanos = startNanos;
    }

    /** @param lateNanos how late the generator itself was */
    void begun(Shot shot, long lateNanos) {
        sent++;
        bucket(shot).sent++;
        lateness.recordValue(Math.clamp(lateNanos, 0, HOUR));
        if (shot.post()) {
            posts++;
        }
    }

    /** @param server the answer's {@code X-Served-By}, or null */
    void answered(Shot shot, long nowNanos, int status, @Nullable String server) {
        var nanos = Math.clamp(nowNanos - shot.intendedNanos(), 0, HOUR);
        latencies.recordValue(nanos);
        bucket(shot).latencies.recordValue(nanos);
        statuses.merge(status, 1L, Long::sum);
        if (server != null) {
            servers.merge(server, 1L, Long::sum);
        }
        if (slowest == null || nanos > slowest.latency().toNanos()) {
            slowest = new LoadReport.Slowest(
                    Duration.ofNanos(nanos), Duration.ofNanos(shot.intendedNanos() - startNanos), status);
        }
        if (status >= 500) {
            failed(shot, Failure.STATUS_5XX);
        } else if (status >= 400) {
            failed(shot, Failure.STATUS_4XX);
        } else {
            ok++;
        }
    }

    void failed(Shot shot, Failure failure) {
        failures.merge(failure, 1L, Long::sum);
        bucket(shot).failed++;
    }

    void connected() {
        connects++;
    }

    /** Bytes came on a connection that had no request. */
    void stray() {
        strays++;
    }

    /** @param nowNanos when the run ended, or now while it runs */
    LoadReport report(LoadPlan plan, String runId, long nowNanos) {
        var ended = ok + failures.values().stream().mapToLong(Long::longValue).sum();
        return new LoadReport(
                plan,
                runId,
                Duration.ofNanos(nowNanos - startNanos),
                sent,
                posts,
                ok,
                sent - ended,
                Map.copyOf(failures),
                Map.copyOf(statuses),
                Map.copyOf(servers),
                Latency.of(latencies),
                slowest,
                series(),
                connects,
                strays,
                Latency.of(lateness));
    }

    /** A line for someone who waits: the requests so far, and the answers of the last whole second. */
    String line(long nowNanos) {
        var second = Math.toIntExact((nowNanos - startNanos) / 1_000_000_000L);
        var last = second >= 1 && second <= seconds.size() ? Latency.of(seconds.get(second - 1).latencies) : null;
        return String.format(
                Locale.ROOT,
                "%3d s  %,9d sent  %,9d ok  %,5d failed  p99 %8s  slowest %8s",
                second,
                sent,
                ok,
                failures.values().stream().mapToLong(Long::longValue).sum(),
                last == null ? "-" : Latency.words(last.p99()),
                last == null ? "-" : Latency.words(last.max()));
    }

    private List<LoadReport.Second> series() {
        var series = new ArrayList<LoadReport.Second>();
        for (var bucket : seconds) {
            series.add(new LoadReport.Second(series.size(), bucket.sent, bucket.failed, Latency.of(bucket.latencies)));
        }
        return List.copyOf(series);
    }

    private Bucket bucket(Shot shot) {
        var second = Math.toIntExact((shot.intendedNanos() - startNanos) / 1_000_000_000L);
        while (seconds.size() <= second) {
            seconds.add(new Bucket());
        }
        return seconds.get(second);
    }
}
