package io.tickstorm.operator.telemetry;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the proxies together measured of a backend over a time.
 *
 * @param begun attempts that began
 * @param failed attempts that ended with a failure, answers with 5xx included
 * @param answers the attempts that ended well, and how long they took
 */
public record Measured(long begun, long failed, Latencies answers) {
    public static final Measured NOTHING = new Measured(0, 0, Latencies.NONE);

    private static final double PERCENT = 100;

    /**
     * Between two reports. A proxy whose process began after the first report counts with all that it says, as do endpoints that it got to know since and those whose
     * counts began anew; one that was silent in the first report counts with nothing, because nobody knows when it counted what. Work on endpoints that have gone
     * since is not seen.
     *
     * @param backend its name in the proxies' configuration
     */
    public static Measured between(FleetReport before, FleetReport after, String backend) {
        var earlier = before.proxies().stream().collect(Collectors.toMap(ProxyReport::pod, proxy -> proxy));
        var sum = NOTHING;
        for (var proxy : after.proxies()) {
            var known = earlier.get(proxy.pod());
            if (proxy.started().isAfter(before.at())) {
                sum = sum.plus(growth(List.of(), proxy, backend));
            } else if (known != null) {
                sum = sum.plus(growth(known.upstreams(), proxy, backend));
            }
        }
        return sum;
    }

    private static Measured growth(List<UpstreamReport> earlier, ProxyReport proxy, String backend) {
        Map<String, UpstreamReport> before = new HashMap<>();
        earlier.stream()
                .filter(upstream -> upstream.backend().equals(backend))
                .forEach(upstream -> before.put(upstream.upstream(), upstream));
        var sum = NOTHING;
        for (var upstream : proxy.upstreams()) {
            if (upstream.backend().equals(backend)) {
                sum = sum.plus(since(before.get(upstream.upstream()), upstream));
            }
        }
        return sum;
    }

    private static Measured since(@Nullable UpstreamReport before, UpstreamReport after) {
        if (before == null || after.attempts() < before.attempts() || after.failures() < before.failures()) {
            return new Measured(after.attempts(), after.failures(), after.answers());
        }
        return new Measured(
                after.attempts() - before.attempts(),
                after.failures() - before.failures(),
                after.answers().since(before.answers()));
    }

    public Measured plus(Measured other) {
        return new Measured(begun + other.begun, failed + other.failed, answers.plus(other.answers));
    }

    /** Attempts that ended, well or not. Those that clients gave up are left out, and so are those that still run, for example TCP connections that are open. */
    public long requests() {
        return answers.count() + failed;
    }

    /** The part of {@link #requests} that failed, 0..100; 0 if there were none. */
    public double failedPercent() {
        return requests() == 0 ? 0 : PERCENT * failed / requests();
    }

    /** The time that 99 of 100 answers came within; null if none came. */
    public @Nullable Duration p99() {
        return answers.quantile(0.99);
    }
}
