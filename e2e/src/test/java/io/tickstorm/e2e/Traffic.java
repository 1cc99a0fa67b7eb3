package io.tickstorm.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.cli.load.Load;
import io.tickstorm.cli.load.LoadPlan;
import io.tickstorm.cli.load.LoadReport;
import io.tickstorm.cli.load.Running;
import io.tickstorm.cli.load.StreamPlan;
import io.tickstorm.cli.load.StreamReport;
import java.net.UnknownHostException;
import java.time.Duration;

/**
 * What clients do while something happens to the cluster: 600 requests/s on 48 keep-alive connections, 30 % of them POSTs, never
 * retried, beside Tick-Storm subscriptions that reconnect when they end.
 */
final class Traffic implements AutoCloseable {
    /** As many as the comparisons in docs/performance.md have. */
    private static final long REQUESTS = 15_000;

    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final Duration TICK = Duration.ofMillis(200);

    private final Running<LoadReport> http;
    private final Running<StreamReport> streams;

    Traffic(Cluster cluster) throws UnknownHostException {
        http = Load.start(
                LoadPlan.to("http://" + cluster.address(NodePorts.HTTP) + "/").duration(LONGEST));
        streams = Load.start(StreamPlan.to("tickstorm://" + cluster.address(NodePorts.TCP), "demo", "demo")
                .subscriptions(12)
                .duration(LONGEST));
    }

    /** Lets traffic run, then the event, then more traffic until there was enough of it; nothing may be lost. */
    Seen during(String name, Event event) throws Exception {
        until(() -> http.soFar().sent() >= 1_000);
        event.happens();
        long after = http.soFar().sent() + 1_200;
        until(() -> http.soFar().sent() >= Math.max(REQUESTS, after));
        var seen = new Seen(http.stop(), streams.stop());
        System.out.printf(
                "%n== %s%n%s%n-- Tick-Storm%n%s%n",
                name, seen.http().text(), seen.streams().text());
        return seen;
    }

    @Override
    public void close() {
        http.close();
        streams.close();
    }

    /** Something that happens to the cluster; returns when it is over. */
    interface Event {
        void happens() throws Exception;
    }

    /** What the clients saw. */
    record Seen(LoadReport http, StreamReport streams) {
        Seen lostNothing() {
            assertThat(http.failures()).as(http.text()).isEmpty();
            assertThat(http.ok()).isEqualTo(http.sent());
            assertThat(streams.failed()).as(streams.text()).isZero();
            return this;
        }
    }

    private void until(Question reached) throws InterruptedException {
        while (!reached.answer()) {
            assertThat(http.await(TICK))
                    .as("the traffic ended before the event did")
                    .isFalse();
        }
    }

    private interface Question {
        boolean answer() throws InterruptedException;
    }
}
