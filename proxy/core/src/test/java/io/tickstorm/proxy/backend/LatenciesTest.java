package io.tickstorm.proxy.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.endpoint.FailureKind;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LatenciesTest {
    private final BackendFixture web = new BackendFixture(false);

    @Test
    void oneThatFailsAtOnceLooksSlowerThanAnyThatAnswers() {
        web.update(BackendFixture.active("a"), BackendFixture.active("b"));
        succeed("a", Duration.ofSeconds(5));

        web.fail("b", FailureKind.STATUS_5XX);

        assertThat(latency("b")).isGreaterThanOrEqualTo(1.9 * latency("a"));
    }

    @Test
    void amongFastOnesAFailureCountsForASecond() {
        web.update(BackendFixture.active("a"), BackendFixture.active("b"));
        succeed("a", Duration.ofMillis(5));

        web.fail("b", FailureKind.CONNECT_REFUSED);

        assertThat(latency("b")).isEqualTo(1e9);
    }

    @Test
    void whatSaysNothingAboutTheUpstreamTeachesNothing() {
        web.update(BackendFixture.active("a"));

        web.acquire("a").end(new Outcome.Cancelled());

        assertThat(latency("a")).isZero();
    }

    private void succeed(String name, Duration latency) {
        web.acquire(name).end(new Outcome.Success(latency.toNanos()));
    }

    private double latency(String name) {
        return web.upstream(name).latency().at(web.time.nanos());
    }
}
