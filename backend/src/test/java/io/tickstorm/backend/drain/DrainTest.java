package io.tickstorm.backend.drain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DrainTest {
    private static final Duration WINDOW = Duration.ofSeconds(10);

    private final SplittableRandom random = new SplittableRandom(7);
    private final List<String> told = new ArrayList<>();
    private long nowNanos = -5;
    private final Drain drain = new Drain(() -> nowNanos, random);

    @Test
    void thoseWhoAreEnrolledAreToldOnce() {
        drain.enroll(() -> told.add("first"));
        Runnable gone = () -> told.add("gone");
        drain.enroll(gone);
        drain.forget(gone);

        assertThat(drain.begun()).isFalse();
        drain.begin(WINDOW);
        drain.begin(WINDOW);

        assertThat(drain.begun()).isTrue();
        assertThat(told).containsExactly("first");
    }

    @Test
    void whoeverComesLaterIsToldAtOnce() {
        drain.begin(WINDOW);

        drain.enroll(() -> told.add("late"));

        assertThat(told).containsExactly("late");
    }

    @Test
    void streamsEndSpreadOverTheWindow() {
        drain.begin(WINDOW);

        var seconds = IntStream.range(0, 10_000)
                .map(stream -> (int) drain.delay().toSeconds())
                .toArray();

        for (int second = 0; second < 10; second++) {
            var expected = second;
            // A thousand are due in each second; 150 is almost five standard deviations.
            assertThat(IntStream.of(seconds).filter(value -> value == expected).count())
                    .as("seed 7, second %d", second)
                    .isBetween(850L, 1150L);
        }
    }

    @Test
    void onlyWhatIsLeftOfTheWindowIsGivenOut() {
        drain.begin(WINDOW);

        nowNanos += Duration.ofSeconds(9).toNanos();
        assertThat(IntStream.range(0, 100).mapToObj(stream -> drain.delay()))
                .allMatch(delay -> delay.compareTo(Duration.ofSeconds(1)) < 0);

        nowNanos += Duration.ofSeconds(1).toNanos();
        assertThat(drain.delay()).isZero();
    }
}
