package io.tickstorm.proxy.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.listener.Rate;
import io.tickstorm.proxy.time.ManualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AcceptRateTest {
    private final ManualTime time = new ManualTime();

    @Test
    void connectionsComeAtTheirRate() {
        var rate = new AcceptRate(new Rate(10, 2), time);

        assertThat(rate.tryAccept()).isTrue();
        assertThat(rate.tryAccept()).isTrue();
        assertThat(rate.tryAccept()).isFalse();
        time.advance(Duration.ofMillis(100));
        assertThat(rate.tryAccept()).isTrue();

        assertThat(rate.refused()).isOne();
    }

    @Test
    void theRateMayComeChangeAndGo() {
        var rate = new AcceptRate(Rate.UNLIMITED, time);
        assertThat(accepted(rate, 1_000)).isEqualTo(1_000);

        rate.change(new Rate(1, 3));
        assertThat(accepted(rate, 10)).isEqualTo(3);
        rate.change(new Rate(1, 3));
        assertThat(accepted(rate, 10)).as("the same again").isZero();
        rate.change(new Rate(1, 4));
        assertThat(accepted(rate, 10)).isEqualTo(4);
        rate.change(Rate.UNLIMITED);

        assertThat(accepted(rate, 10)).isEqualTo(10);
    }

    private static int accepted(AcceptRate rate, int tries) {
        int accepted = 0;
        for (int i = 0; i < tries; i++) {
            accepted += rate.tryAccept() ? 1 : 0;
        }
        return accepted;
    }
}
