package io.tickstorm.proxy.backend;

import io.tickstorm.proxy.endpoint.Latency;
import io.tickstorm.proxy.endpoint.Upstream;
import io.tickstorm.proxy.time.Ticker;
import java.time.Duration;

/** Teaches upstreams their latencies. Any thread. */
final class Latencies {
    // Where answers take milliseconds, a failure should count for what a client feels: a second.
    private static final long LEAST = Duration.ofSeconds(1).toNanos();
    // Where answers take longer than that, for more than any of them.
    private static final int TIMES_THE_SLOWEST = 2;

    private final Ticker ticker;
    private final Latency slowest = new Latency();

    Latencies(Ticker ticker) {
        this.ticker = ticker;
    }

    void success(Upstream upstream, long nanos) {
        long now = ticker.nanos();
        upstream.latency().observe(nanos, now);
        upstream.tally().answers().record(nanos);
        // All upstreams share this one, so it is written only by what is slower than what it knows: seldom.
        if (nanos > slowest.at(now)) {
            slowest.observe(nanos, now);
        }
    }

    /**
     * A failure, however quickly it came, counts as slower than any success of late: an upstream that fails at once must
     * not look fast. That decays as any latency does; until then it gets work only if all others are as bad.
     */
    void failure(Upstream upstream) {
        long now = ticker.nanos();
        upstream.latency().observe((long) Math.max(LEAST, TIMES_THE_SLOWEST * slowest.at(now)), now);
    }
}
