package io.tickstorm.proxy.discovery;

import static io.tickstorm.proxy.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.time.ManualTime;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RoundsTest {
    private static final Duration EVERY = Duration.ofSeconds(10);

    private final ManualTime time = new ManualTime();
    private final Semaphore mayEnd = new Semaphore(0);
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final Rounds rounds = new Rounds("test", this::round, time, time);

    private Duration round() {
        begun.incrementAndGet();
        most.accumulateAndGet(running.incrementAndGet(), Math::max);
        mayEnd.acquireUninterruptibly();
        running.decrementAndGet();
        return EVERY;
    }

    @Test
    void oneFollowsTheOtherAfterTheTimeThatItAsksFor() {
        start();
        end();

        time.advance(EVERY.minusNanos(1));
        assertThat(begun).hasValue(1);
        time.advance(Duration.ofNanos(1));

        await("the second", () -> begun.get() == 2);
    }

    @Test
    void whoeverAsksIsServedSoonButNotMoreThanOnceASecond() {
        start();
        end();

        assertThat(rounds.soon(Duration.ZERO)).isTrue();
        assertThat(rounds.soon(Duration.ZERO)).isFalse();
        time.advance(Duration.ofMillis(999));
        assertThat(begun).hasValue(1);
        time.advance(Duration.ofMillis(1));
        await("the second", () -> begun.get() == 2);
        end();

        time.advance(Duration.ofSeconds(5));
        assertThat(rounds.soon(Duration.ofMillis(200))).isTrue();
        time.advance(Duration.ofMillis(200));
        await("the third", () -> begun.get() == 3);
    }

    @Test
    void whoeverAsksWhileOneRunsGetsAnotherOneAfterwards() {
        start();

        assertThat(rounds.soon(Duration.ZERO)).isTrue();
        assertThat(rounds.soon(Duration.ZERO)).isFalse();
        end();
        time.advance(Duration.ofSeconds(1));

        await("the second", () -> begun.get() == 2);
        assertThat(most).hasValue(1);
    }

    @Test
    void whatIsDueAnywayIsNotAskedFor() {
        start();
        end();
        time.advance(EVERY.minusMillis(100));

        assertThat(rounds.soon(Duration.ofMillis(200))).isFalse();
    }

    @Test
    void nothingBeginsAfterTheClose() {
        start();

        rounds.close();
        mayEnd.release();
        await("the end", () -> running.get() == 0);

        assertThat(rounds.soon(Duration.ZERO)).isFalse();
        time.advance(EVERY);
        assertThat(begun).hasValue(1);
        assertThat(time.pending()).isZero();
    }

    private void start() {
        rounds.start();
        time.advance(Duration.ZERO);
        await("the first", () -> begun.get() == 1);
    }

    /** Lets the round that runs end, and waits until the next one has its time. */
    private void end() {
        mayEnd.release();
        await("the end", () -> time.pending() == 1);
    }
}
