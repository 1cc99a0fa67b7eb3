package io.tickstorm.proxy.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class ManualTimeTest {
    private final ManualTime time = new ManualTime();
    private final ArrayList<String> log = new ArrayList<>();

    @Test
    void runsTasksInTheOrderOfTheirTimesAndEachAtItsOwn() {
        time.after(Duration.ofSeconds(2), () -> log.add("second at " + time.nanos()));
        time.after(Duration.ofSeconds(1), () -> log.add("first at " + time.nanos()));
        time.after(Duration.ofSeconds(3), () -> log.add("too late"));

        time.advance(Duration.ofMillis(2_500));

        assertThat(log).containsExactly("first at 1000000000", "second at 2000000000");
        assertThat(time.nanos()).isEqualTo(2_500_000_000L);
        assertThat(time.pending()).isOne();
    }

    @Test
    void runsWhatATaskSetsIfItFallsDueOnTheWay() {
        time.after(Duration.ofSeconds(1), () -> time.after(Duration.ofSeconds(1), () -> log.add("chained")));

        time.advance(Duration.ofSeconds(2));

        assertThat(log).containsExactly("chained");
    }

    @Test
    void aCancelledTaskNeverRuns() {
        var timer = time.after(Duration.ofSeconds(1), () -> log.add("cancelled"));

        timer.cancel();
        timer.cancel();
        time.advance(Duration.ofSeconds(2));

        assertThat(log).isEmpty();
        assertThat(time.pending()).isZero();
    }
}
