package io.tickstorm.operator.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LatenciesTest {
    private static final double BEYOND = Double.POSITIVE_INFINITY;

    @Test
    void aQuantileIsFoundWithinItsBucket() {
        var times = of(Map.of(0.01, 50L, 0.02, 40L, 0.1, 10L, BEYOND, 0L));

        assertThat(times.quantile(0.25)).isEqualTo(Duration.ofMillis(5));
        assertThat(times.quantile(0.5)).isEqualTo(Duration.ofMillis(10));
        assertThat(times.quantile(0.7)).isEqualTo(Duration.ofMillis(15));
        assertThat(times.quantile(0.95)).isEqualTo(Duration.ofMillis(60));
        assertThat(times.quantile(1)).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void beyondTheLastBoundItIsThatBound() {
        assertThat(of(Map.of(30.0, 98L, BEYOND, 2L)).quantile(0.99)).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void whatTookLongerIsCountedWithinItsBucket() {
        var times = of(Map.of(0.01, 50L, 0.02, 40L, 0.1, 8L, BEYOND, 2L));

        assertThat(times.slowerThan(Duration.ZERO)).isEqualTo(100);
        assertThat(times.slowerThan(Duration.ofMillis(15))).isCloseTo(30, offset(1e-9));
        assertThat(times.slowerThan(Duration.ofMillis(20))).isEqualTo(10);
        assertThat(times.slowerThan(Duration.ofMillis(100))).isEqualTo(2);
        assertThat(times.slowerThan(Duration.ofMillis(101))).isZero();
        assertThat(Latencies.NONE.slowerThan(Duration.ZERO)).isZero();
    }

    @Test
    void nothingHasNoQuantile() {
        assertThat(Latencies.NONE.quantile(0.99)).isNull();
        assertThat(of(Map.of(1.0, 0L)).quantile(0.99)).isNull();
    }

    @Test
    void proxiesOfTwoVersionsMayHaveOtherBounds() {
        var sum = of(Map.of(1.0, 2L, BEYOND, 1L)).plus(of(Map.of(0.5, 3L, 1.0, 4L)));

        assertThat(sum).isEqualTo(of(Map.of(0.5, 3L, 1.0, 6L, BEYOND, 1L)));
        assertThat(sum.count()).isEqualTo(10);
    }

    @Test
    void growthIsByBucket() {
        assertThat(of(Map.of(1.0, 5L, 2.0, 7L)).since(of(Map.of(1.0, 2L, 2.0, 7L))))
                .isEqualTo(of(Map.of(1.0, 3L, 2.0, 0L)));
    }

    @Test
    void whatBeganAnewHasGrownByAllThatItHas() {
        var anew = of(Map.of(1.0, 1L, 2.0, 9L));

        assertThat(anew.since(of(Map.of(1.0, 2L, 2.0, 7L)))).isEqualTo(anew);
    }

    private static Latencies of(Map<Double, Long> counts) {
        return new Latencies(new TreeMap<>(counts));
    }
}
