package io.tickstorm.proxy.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.endpoint.Condition;
import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointId;
import io.tickstorm.proxy.endpoint.EndpointSet;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EndpointNewsTest {
    private final Timeline timeline = new Timeline(() -> Instant.EPOCH);
    private final EndpointNews news = new EndpointNews(timeline, "web");

    @Test
    void eachChangeOfAFewIsTold() {
        var before = EndpointSet.of(endpoint(0), endpoint(1), endpoint(2));
        var after = EndpointSet.of(
                endpoint(1).with(Condition.DRAINING),
                endpoint(2),
                endpoint(3),
                endpoint(4).with(Condition.NOT_READY));

        news.tell(before, after);

        assertThat(told())
                .containsExactlyInAnyOrder(
                        "LEFT web-0 (10.0.0.0:80) left",
                        "DRAINING web-1 (10.0.0.1:80) will end, as discovery says: no new work",
                        "CAME web-3 (10.0.0.3:80) came",
                        "NOT_READY web-4 (10.0.0.4:80) cannot serve now, as discovery says");
    }

    @Test
    void manyAtOnceAreOneEvent() {
        var many = new EndpointSet(
                IntStream.range(0, 300).mapToObj(EndpointNewsTest::endpoint).toList());

        news.tell(EndpointSet.EMPTY, many);

        assertThat(told()).containsExactly("CAME 300 endpoints came, web-0, web-1, web-2 …");
    }

    @Test
    void whatIsAsItWasIsNoNews() {
        news.tell(EndpointSet.of(endpoint(0)), EndpointSet.of(endpoint(0)));

        assertThat(told()).isEmpty();
    }

    private List<String> told() {
        return timeline.events().stream()
                .map(event -> event.kind() + " " + event.text())
                .toList();
    }

    private static Endpoint endpoint(int number) {
        return Endpoint.active(new EndpointId("", "10.0.0." + number, 80), "web-" + number);
    }
}
