package io.tickstorm.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.endpoint.EndpointSet;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A listener shares its requests among two backends. */
class SplitTest {
    @Test
    void requestsOfOneConnectionGoToBothByWeight() throws IOException {
        try (var stable = RawServer.saying("stable");
                var canary = RawServer.saying("canary");
                var balancer = Balancer.before(stable)) {
            balancer.share(90, 10, canary);

            assertThat(ask(balancer)).containsExactlyInAnyOrderEntriesOf(Map.of("stable", 90, "canary", 10));
        }
    }

    @Test
    void aShareWithoutAnEndpointGoesToTheOther() throws IOException {
        try (var stable = RawServer.saying("stable");
                var canary = RawServer.saying("canary");
                var balancer = Balancer.before(stable)) {
            var other = balancer.share(90, 10, canary);

            other.update(EndpointSet.EMPTY);
            assertThat(ask(balancer)).isEqualTo(Map.of("stable", 100));

            other.update(EndpointSet.of(canary.endpoint()));
            assertThat(ask(balancer)).isEqualTo(Map.of("stable", 90, "canary", 10));
            assertThat(balancer.counters().responses(5)).isZero();
        }
    }

    private static Map<String, Integer> ask(Balancer balancer) throws IOException {
        var counts = new HashMap<String, Integer>();
        try (var client = balancer.client()) {
            for (int i = 0; i < 100; i++) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                counts.merge(client.message().body(), 1, Integer::sum);
            }
        }
        return counts;
    }
}
