package io.tickstorm.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All upstreams fail: retries must not multiply the load on them. */
class RetryStormTest {
    private static final double MOST = 1.2;
    /** With {@link #EACH} so many that a fifth of them is more than the 90 in ten seconds that are always allowed. */
    private static final int CLIENTS = 50;

    private static final int EACH = 20;

    @ParameterizedTest
    @ValueSource(ints = {0, 5, 20})
    void ofUpstreamsThatAnswer503(int millis) throws InterruptedException {
        try (var one = busy(millis);
                var two = busy(millis);
                var three = busy(millis);
                var balancer = Balancer.with("{}").withRunningTime().before(one, two, three)) {
            var seen = Crowd.send(balancer, CLIENTS, EACH, number -> "/");

            assertThat(seen).extracting(Crowd.Seen::status).containsOnly(503);
            assertThat(seen).extracting(Crowd.Seen::body).containsOnly("busy");
            assertThat(amplification(seen.size(), one, two, three)).isBetween(1.0, MOST);
        }
    }

    @Test
    void ofUpstreamsThatBreakOff() throws InterruptedException {
        RawServer.Behaviour breaking = connection -> connection.wire().message();
        try (var one = RawServer.with(breaking);
                var two = RawServer.with(breaking);
                var three = RawServer.with(breaking);
                var balancer = Balancer.with("{}").withRunningTime().before(one, two, three)) {
            var seen = Crowd.send(balancer, 4 * CLIENTS, EACH / 5, number -> "/");

            assertThat(seen).extracting(Crowd.Seen::status).containsOnly(502);
            // A connect that takes longer than a second on a busy machine is followed by another one, which costs
            // nothing.
            long attempts = balancer.backend().upstreams().stream()
                    .mapToLong(upstream ->
                            upstream.tally().requests() - upstream.tally().connectFailures())
                    .sum();
            assertThat((double) attempts / seen.size()).isBetween(1.0, MOST);
        }
    }

    private static RawServer busy(int millis) {
        return RawServer.answering(request -> {
            try {
                Thread.sleep(millis);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return "HTTP/1.1 503 Busy\r\ncontent-length: 4\r\n\r\nbusy";
        });
    }

    private static double amplification(int requests, RawServer... servers) {
        return (double) Arrays.stream(servers)
                        .mapToInt(server -> server.requests().size())
                        .sum()
                / requests;
    }
}
