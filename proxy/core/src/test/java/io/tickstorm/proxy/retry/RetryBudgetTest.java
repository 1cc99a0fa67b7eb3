package io.tickstorm.proxy.retry;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.time.ManualTime;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryBudgetTest {
    private final ManualTime time = new ManualTime();

    @ParameterizedTest
    @CsvSource({"0, 3", "15, 3", "19, 3", "20, 4", "100, 20", "2147483647, 429496729"})
    void allowsThePercentageOfWhatRunsButAtLeastTheMinimum(int active, int allowed) {
        assertThat(budget(20, 3, active).allowed()).isEqualTo(allowed);
    }

    @Test
    void refusesWhatIsOverAndGivesAgainWhatWasSettled() {
        var budget = budget(20, 2, 0);

        assertThat(budget.tryWithdraw()).isTrue();
        assertThat(budget.tryWithdraw()).isTrue();
        assertThat(budget.tryWithdraw()).isFalse();
        assertThat(budget.running()).isEqualTo(2);

        budget.settle();
        assertThat(budget.tryWithdraw()).isTrue();
    }

    @Test
    void nothingIsAllowedWhereNothingIsSet() {
        assertThat(budget(0, 0, 1_000).tryWithdraw()).isFalse();
    }

    @Test
    void retriesThatEndAtOnceAreStillNoMoreThanTheirShareOfWhatCame() {
        var budget = budget(20, 3, 1_000);
        for (int i = 0; i < 1_000; i++) {
            budget.deposit();
        }

        assertThat(quickRetries(budget)).isEqualTo(200);
        assertThat(quickRetries(budget)).isZero();

        budget.deposit();
        budget.deposit();
        budget.deposit();
        budget.deposit();
        budget.deposit();
        assertThat(quickRetries(budget)).isOne();
    }

    @Test
    void whatIsLongAgoCountsNeitherWay() {
        var budget = budget(20, 3, 1_000);
        for (int i = 0; i < 1_000; i++) {
            budget.deposit();
        }
        assertThat(quickRetries(budget)).isEqualTo(200);

        time.advance(Duration.ofSeconds(6));
        assertThat(quickRetries(budget)).as("the window before still counts").isZero();
        time.advance(Duration.ofSeconds(6));
        assertThat(quickRetries(budget)).as("what the minimum gives").isEqualTo(90);
        time.advance(Duration.ofMinutes(1));
        assertThat(quickRetries(budget)).isEqualTo(90);
    }

    @Test
    void whatAServerTakesDownAfterAQuietHourIsPaidFromWhatCameJustBefore() {
        var budget = budget(20, 3, 10_000);
        for (int second = 0; second < 3_600; second++) {
            for (int i = 0; i < 100; i++) {
                budget.deposit();
            }
            time.advance(Duration.ofSeconds(1));
        }

        assertThat(quickRetries(budget)).as("a fifth of ten seconds").isEqualTo(200);
    }

    private static int quickRetries(RetryBudget budget) {
        int retries = 0;
        while (budget.tryWithdraw()) {
            budget.settle();
            retries++;
        }
        return retries;
    }

    @Test
    void manyThreadsNeverTakeMoreThanIsAllowed() throws InterruptedException {
        var budget = budget(0, 3, 0);
        var most = new AtomicInteger();
        var taken = new AtomicInteger();
        var start = new CountDownLatch(1);
        var threads = new Thread[4];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = Thread.ofPlatform().start(() -> {
                await(start);
                for (int turn = 0; turn < 20_000; turn++) {
                    if (budget.tryWithdraw()) {
                        most.accumulateAndGet(taken.incrementAndGet(), Math::max);
                        taken.decrementAndGet();
                        budget.settle();
                    }
                }
            });
        }
        start.countDown();
        for (var thread : threads) {
            thread.join();
        }

        assertThat(most.get()).isBetween(1, 3);
        assertThat(budget.running()).isZero();
    }

    private RetryBudget budget(int percent, int minimum, int active) {
        return new RetryBudget(new RetrySettings.Budget(percent, minimum), () -> active, time);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }
}
