package io.tickstorm.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {
    private static final long SEED = 7;

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "3, 4", "8, 128", "9, 256", "10, 300", "11, 300", "1000000, 300"})
    void theWaitDoublesUpToFiveMinutesAndIsRandomInItsSecondHalf(int failures, long seconds) {
        var backoff = new Backoff(new Random(SEED));
        var longest = Duration.ofSeconds(seconds);

        for (int i = 0; i < 1000; i++) {
            assertThat(backoff.after(failures)).as("seed %d", SEED).isBetween(longest.dividedBy(2), longest);
        }
    }
}
