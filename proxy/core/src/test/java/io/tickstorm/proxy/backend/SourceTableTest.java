package io.tickstorm.proxy.backend;

import static io.tickstorm.proxy.backend.BackendFixture.active;
import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.balance.HashKey;
import io.tickstorm.proxy.breaker.CircuitBreaker;
import io.tickstorm.proxy.breaker.CircuitBreakerSettings;
import io.tickstorm.proxy.breaker.Ejection;
import io.tickstorm.proxy.endpoint.Upstream;
import io.tickstorm.proxy.time.ManualTime;
import java.time.Duration;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SourceTableTest {
    private static final int SIZE = 4_096;

    private final ManualTime time = new ManualTime();
    private final SourceTable table =
            new SourceTable(new StickinessSettings.SourceIp(Duration.ofMinutes(1), SIZE), time);
    private final Member home = member("a");

    @Test
    void asManySourcesAsItIsForAreNearlyAllRemembered() {
        put(0, SIZE);

        assertThat(known(0, SIZE)).isBetween((long) (SIZE * 0.98), (long) SIZE);
    }

    @Test
    void aHundredThousandMoreTakeTheSlotsOfTheLongestSilent() {
        put(0, SIZE);
        time.advance(Duration.ofSeconds(1));
        put(SIZE, 100_000);

        assertThat(known(0, SIZE)).as("the first ones").isLessThan(SIZE / 100);
        assertThat(known(0, SIZE + 100_000)).as("all that fit").isBetween((long) SIZE, 2L * SIZE);
    }

    @Test
    void whoComesAgainKeepsItsSlot() {
        put(0, 10);
        for (int i = 0; i < 100; i++) {
            time.advance(Duration.ofMillis(1));
            put(100 + i * SIZE, SIZE / 4);
            time.advance(Duration.ofMillis(1));
            put(0, 10);
        }

        assertThat(known(0, 10)).isEqualTo(10);
    }

    @Test
    void theLatestHomeCounts() {
        var other = member("b");
        table.put(7, home);
        table.put(7, other);

        assertThat(table.get(7)).isSameAs(other);
    }

    private void put(long from, int count) {
        LongStream.range(from, from + count).forEach(source -> table.put(key(source), home));
    }

    private long known(long from, long to) {
        return LongStream.range(from, to)
                .filter(source -> table.get(key(source)) != null)
                .count();
    }

    private static long key(long source) {
        return HashKey.of(Long.toString(source));
    }

    private Member member(String name) {
        return new Member(
                new Upstream(active(name)),
                time,
                new CircuitBreaker(CircuitBreakerSettings.DEFAULT),
                new Ejection(new Random(1)));
    }
}
