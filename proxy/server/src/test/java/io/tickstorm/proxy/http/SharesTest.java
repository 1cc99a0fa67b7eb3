package io.tickstorm.proxy.http;

import static io.tickstorm.proxy.http.RawServer.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who gets how much, over real sockets. */
class SharesTest {
    private static final int CLIENTS = 36;
    private static final int EACH = 40;
    private static final int FAST_MILLIS = 2;
    private static final int SLOW_MILLIS = 40;

    /**
     * Least connections keeps the same number of requests at each upstream. So, by Little's law (requests at an upstream =
     * their rate times their time), the shares are as the inverse of the times that requests take there. The times are
     * those that the clients saw, so that it holds on a busy machine too.
     */
    @Test
    void leastConnectionsUnderMixedRequestsSharesAsTheoryTells() throws InterruptedException {
        try (var one = mixed("one", 1);
                var same = mixed("same", 1);
                var twice = mixed("twice", 2);
                var balancer = Balancer.before(one, same, twice)) {
            // one request in five is slow
            var seen = Crowd.send(balancer, CLIENTS, EACH, number -> number % 5 == 0 ? "/slow" : "/fast");

            assertThat(seen).extracting(Crowd.Seen::status).containsOnly(200);
            var expected = theory(seen);
            for (var server : expected.keySet()) {
                double share = (double) count(seen, server) / seen.size();
                assertThat(share).as("share of %s", server).isCloseTo(expected.get(server), within(0.06));
            }
            assertThat(count(seen, "twice")).isLessThan(count(seen, "one"));
        }
    }

    /** It always has the fewest requests, so that least connections would send it nearly all. */
    @Test
    void anUpstreamThatFailsFastGetsNothingExtra() throws InterruptedException {
        try (var failing = RawServer.answering(request -> "HTTP/1.1 500 No\r\ncontent-length: 7\r\n\r\nfailing");
                var one = mixed("one", 1);
                var other = mixed("other", 1);
                var balancer = Balancer.with("{}").withRunningTime().before(failing, one, other)) {
            var seen = Crowd.send(balancer, CLIENTS, EACH, number -> "/slow");

            assertThat(count(seen, "failing")).isLessThan(seen.size() / 3);
            assertThat(seen.stream().filter(answer -> answer.status() == 500).count())
                    .isEqualTo(failing.requests().size());
        }
    }

    /** Takes this many times as long as usual for a request, and says its name. */
    private static RawServer mixed(String name, int factor) {
        return RawServer.answering(request -> {
            sleep(factor * (request.startLine().contains("/slow") ? SLOW_MILLIS : FAST_MILLIS));
            return ok(name);
        });
    }

    private static HashMap<String, Double> theory(List<Crowd.Seen> seen) {
        var rates = new HashMap<String, Double>();
        for (var name : List.of("one", "same", "twice")) {
            double mean = seen.stream()
                    .filter(answer -> answer.body().equals(name))
                    .mapToLong(Crowd.Seen::nanos)
                    .average()
                    .orElseThrow();
            rates.put(name, 1 / mean);
        }
        double all = rates.values().stream().mapToDouble(rate -> rate).sum();
        rates.replaceAll((name, rate) -> rate / all);
        return rates;
    }

    private static int count(List<Crowd.Seen> seen, String body) {
        return (int) seen.stream().filter(answer -> answer.body().equals(body)).count();
    }

    private static void sleep(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
