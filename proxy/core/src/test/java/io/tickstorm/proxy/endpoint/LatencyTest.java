package io.tickstorm.proxy.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatencyTest {
    private static final long MILLISECOND = 1_000_000;
    private static final long TAU = Duration.ofSeconds(10).toNanos();

    private final Latency latency = new Latency();

    @Test
    void isZeroUntilItIsMeasured() {
        assertThat(latency.at(0)).isZero();

        latency.observe(0, 0);

        assertThat(latency.at(0)).isOne();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -5_000_000_000L, Long.MAX_VALUE - 1_000_000_000_000L, (1L << 52) - (1L << 22)})
    void followsARiseAtOnceAndAFallSlowly(long origin) {
        latency.observe(10 * MILLISECOND, origin);
        latency.observe(100 * MILLISECOND, origin + 1);
        assertThat(latency.at(origin + 1)).isCloseTo(100.0 * MILLISECOND, withinPercentage(0.1));

        // After tau the old cost counts for 1/e, the new one for the rest.
        latency.observe(10 * MILLISECOND, origin + TAU);
        double expected = 100.0 * MILLISECOND / Math.E + 10.0 * MILLISECOND * (1 - 1 / Math.E);
        assertThat(latency.at(origin + TAU)).isCloseTo(expected, withinPercentage(0.1));
    }

    @Test
    void decaysWhileNothingComes() {
        latency.observe(100 * MILLISECOND, 0);

        assertThat(latency.at(TAU)).isCloseTo(100.0 * MILLISECOND / Math.E, withinPercentage(0.1));
        assertThat(latency.at(100 * TAU)).isOne();
    }

    @Test
    void aClockThatWasReadALittleEarlierChangesNothing() {
        latency.observe(100 * MILLISECOND, 20 * MILLISECOND);

        assertThat(latency.at(0)).isCloseTo(100.0 * MILLISECOND, withinPercentage(0.1));
    }

    @Test
    void countsTheTimeBetweenSamplesNotTheirNumber() {
        latency.observe(100 * MILLISECOND, 0);
        for (int i = 0; i < 1_000; i++) {
            latency.observe(10 * MILLISECOND, i);
        }

        assertThat(latency.at(1_000)).isCloseTo(100.0 * MILLISECOND, withinPercentage(0.1));
    }
}
