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
import java.util.Collection;
import java.util.List;

/**
 * What clients do while something happens to the cluster: requests on 48 keep-alive connections, 30 % of them POSTs, never
 * retried, beside Tick-Storm subscriptions that reconnect when they end.
 */
final class Traffic implements AutoCloseable {
    /** Requests per second; fewer on a machine that has more to do than this. */
    private static final int RATE = Integer.getInteger("e2e.rate", 600);

    /** At 600 a second as many as the comparisons in docs/performance.md have. */
    private static final long REQUESTS = 25L * RATE;

    private static final Duration LONGEST = Duration.ofMinutes(20);

    /** Far longer than any answer takes on a machine that is only slow, and than a generator is late there: what it ends was lost. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Duration TICK = Duration.ofMillis(200);

    private final Running<LoadReport> http;
    private final Running<StreamReport> streams;

    Traffic(Cluster cluster) throws UnknownHostException {
        http = Load.start(LoadPlan.to("http://" + cluster.address(NodePorts.HTTP) + "/")
                .rate(RATE)
                .timeout(PATIENCE)
                .duration(LONGEST));
        streams = Load.start(StreamPlan.to("tickstorm://" + cluster.address(NodePorts.TCP), "demo", "demo")
                .subscriptions(12)
                .duration(LONGEST));
    }

    /** Lets traffic run, then the event, then more traffic until there was enough of it; nothing may be lost. */
    Seen during(String name, Event event) throws Exception {
        until(() -> http.soFar().sent() >= 5L * RATE);
        event.happens();
        long after = http.soFar().sent() + 2L * RATE;
        until(() -> http.soFar().sent() >= Math.max(REQUESTS, after));
        var seen = new Seen(http.stop(), streams.stop());
        System.out.printf(
                "%n== %s%n%s%n-- Tick-Storm%n%s%n",
                name, seen.http().text(), seen.streams().text());
        return seen;
    }

    /** Returns when clients have sent for this long; for an event that lasts. */
    void goOn(Duration time) throws InterruptedException {
        var before = http.soFar();
        long enough = before.sent() + Math.round(before.plan().rate() * time.toSeconds());
        until(() -> http.soFar().sent() >= enough);
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

        /**
         * Nothing was lost but POSTs that were under way to these endpoints, for nobody may send them again; streams went on.
         *
         * @param told all that the proxies tell of requests that did not end well
         */
        Seen lostOnlyPostsTo(Collection<String> endpoints, List<Told> told) {
            var lost = told.stream().filter(request -> !request.complete()).toList();
            assertThat(lost)
                    .as("what the proxies tell of requests that did not end well")
                    .allSatisfy(request -> {
                        assertThat(request.method()).as(request.line()).isEqualTo("POST");
                        assertThat(request.upstreams()).as(request.line()).hasSize(1);
                        assertThat(endpoints).as(request.line()).containsAll(request.upstreams());
                    });
            assertThat(http.failed()).as(http.text()).isEqualTo(lost.size());
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
