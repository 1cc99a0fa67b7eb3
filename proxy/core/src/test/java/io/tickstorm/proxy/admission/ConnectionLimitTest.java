package io.tickstorm.proxy.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ConnectionLimitTest {
    @Test
    void refusesWhatIsOverAndTakesAgainWhatWasReleased() {
        var limit = new ConnectionLimit(2);

        assertThat(limit.tryAcquire()).isTrue();
        assertThat(limit.tryAcquire()).isTrue();
        assertThat(limit.tryAcquire()).isFalse();
        limit.release();
        assertThat(limit.tryAcquire()).isTrue();

        assertThat(limit.open()).isEqualTo(2);
        assertThat(limit.accepted()).isEqualTo(3);
        assertThat(limit.refused()).isOne();
        assertThat(limit.max()).isEqualTo(2);
    }

    @Test
    void aLimitOfNothingIsAMistake() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ConnectionLimit(0))
                .withMessage("max: 0 (expected: 1 or more)");
    }

    @Test
    void manyThreadsNeverGetOneTooManyIn() throws InterruptedException {
        var limit = new ConnectionLimit(2);
        var inside = new AtomicInteger();
        var most = new AtomicInteger();
        var tried = new AtomicInteger();
        var threads = new Thread[4];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = Thread.ofPlatform().start(() -> {
                for (int turn = 0; turn < 20_000; turn++) {
                    tried.incrementAndGet();
                    if (limit.tryAcquire()) {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        inside.decrementAndGet();
                        limit.release();
                    }
                }
            });
        }
        for (var thread : threads) {
            thread.join();
        }

        assertThat(most.get()).isBetween(1, 2);
        assertThat(limit.open()).isZero();
        assertThat(limit.accepted() + limit.refused()).isEqualTo(tried.get());
    }
}
