package io.tickstorm.proxy.sim;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** Counts what happens in one run. */
final class Tally {
    private final Map<Server, Share> shares = new LinkedHashMap<>();
    private long[] latencies = new long[1 << 12];
    private int answered;
    private long asked;
    private long failed;
    private long attempts;

    /** What a server got, and what it would have got of an even division among those in service at each moment. */
    private static final class Share {
        private long got;
        private double fair;
    }

    void asked() {
        asked++;
    }

    void attempt(Server server, Collection<Server> inService) {
        attempts++;
        share(server).got++;
        for (var each : inService) {
            share(each).fair += 1.0 / inService.size();
        }
    }

    void answered(long nanos) {
        if (answered == latencies.length) {
            latencies = Arrays.copyOf(latencies, 2 * answered);
        }
        latencies[answered++] = nanos;
    }

    void failed() {
        failed++;
    }

    /** To be called once, at the end. */
    Result result() {
        Arrays.sort(latencies, 0, answered);
        var relative = shares.values().stream()
                .filter(share -> share.fair > 0)
                .mapToDouble(share -> share.got / share.fair)
                .summaryStatistics();
        return new Result(
                shares.values().stream().map(share -> share.got).toList(),
                relative.getMin(),
                relative.getMax(),
                percentile(0.5),
                percentile(0.99),
                (double) failed / asked,
                (double) attempts / asked);
    }

    private double percentile(double part) {
        return answered == 0 ? Double.NaN : latencies[(int) (part * (answered - 1))] / 1e6;
    }

    private Share share(Server server) {
        return shares.computeIfAbsent(server, absent -> new Share());
    }
}
