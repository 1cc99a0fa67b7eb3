package io.tickstorm.proxy.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HistogramTest {
    private final Histogram histogram = new Histogram();

    @Test
    void aBoundBelongsToTheBucketBelowIt() {
        var bounds = Histogram.bounds();

        for (int i = 0; i < bounds.length; i++) {
            assertThat(Histogram.bucket(bounds[i])).isEqualTo(i);
            assertThat(Histogram.bucket(bounds[i] + 1)).isEqualTo(i + 1);
        }
        assertThat(bounds).isSorted();
    }

    @Test
    void itCountsAndSums() {
        histogram.record(400_000);
        histogram.record(3_000_000);
        histogram.record(40_000_000_000L);

        var snapshot = histogram.snapshot();

        assertThat(snapshot.count()).isEqualTo(3);
        assertThat(snapshot.sumNanos()).isEqualTo(40_003_400_000L);
        assertThat(snapshot.counts()).startsWith(1, 0, 0, 1).endsWith(1);
    }

    @Test
    void aQuantileIsBoundedFromAbove() {
        for (int i = 0; i < 98; i++) {
            histogram.record(2_000_000);
        }
        histogram.record(300_000_000);
        histogram.record(300_000_000);

        var snapshot = histogram.snapshot();

        assertThat(snapshot.within(50)).isEqualTo(Duration.ofNanos(2_500_000).toNanos());
        assertThat(snapshot.within(98)).isEqualTo(Duration.ofNanos(2_500_000).toNanos());
        assertThat(snapshot.within(99)).isEqualTo(Duration.ofMillis(500).toNanos());
    }

    @Test
    void nothingCountedHasNoQuantile() {
        assertThat(histogram.snapshot().within(99)).isZero();
    }

    @Test
    void whatIsAboveAllBoundsHasNone() {
        histogram.record(60_000_000_000L);

        assertThat(histogram.snapshot().within(50)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void twoAddUp() {
        var random = new Random(20_261_121);
        var all = new Histogram();
        var other = new Histogram();
        for (int i = 0; i < 1000; i++) {
            long nanos = (long) (random.nextDouble() * 1e9);
            all.record(nanos);
            (random.nextBoolean() ? histogram : other).record(nanos);
        }

        assertThat(histogram.snapshot().plus(other.snapshot())).isEqualTo(all.snapshot());
    }
}
