package io.tickstorm.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.time.ManualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class WorkQueueTest {
    private static final Duration NOTHING = Duration.ZERO;

    private final ManualTime time = new ManualTime();
    /** Work that has begun and waits for its thread. */
    private final Queue<Runnable> begun = new ArrayDeque<>();

    private final List<String> done = new ArrayList<>();
    private boolean failing;
    private Duration next;

    /** Its jitter is none: every wait is the shortest there is, the half. */
    private final WorkQueue<String> queue =
            new WorkQueue<>(time, begun::add, new Backoff((RandomGenerator) () -> 0), this::work);

    private Duration work(String key) throws IOException {
        done.add(key);
        if (failing) {
            throw new IOException("refused");
        }
        return next;
    }

    @Test
    void aKeyThatIsAddedTwiceRunsOnce() {
        queue.add("a");
        queue.add("a");
        queue.add("b");

        run();

        assertThat(done).containsExactly("a", "b");
    }

    @Test
    void aKeyThatIsAddedWhileItRunsRunsOnceMoreAndNeverTwiceAtATime() {
        queue.add("a");
        time.advance(NOTHING);
        queue.add("a");
        queue.add("a");
        time.advance(NOTHING);
        assertThat(begun).hasSize(1);

        run();

        assertThat(done).containsExactly("a", "a");
    }

    @Test
    void aFailureComesBackEverLaterWithoutEnd() {
        failing = true;
        queue.add("a");
        run();

        for (int i = 0; i < 20; i++) {
            time.advance(Duration.ofMinutes(5));
            run();
        }

        assertThat(done.size()).isGreaterThan(20);
    }

    @Test
    void anOrdinaryEventDoesNotShortenTheWaitAfterAFailure() {
        failing = true;
        queue.add("a");
        run();

        queue.add("a");
        time.advance(Duration.ofMillis(499));
        run();
        assertThat(done).hasSize(1);

        time.advance(Duration.ofMillis(1));
        run();
        assertThat(done).hasSize(2);
    }

    @Test
    void aChangeByAPersonEndsTheWait() {
        failing = true;
        queue.add("a");
        run();

        queue.addFresh("a");
        run();

        assertThat(done).hasSize(2);
    }

    @Test
    void successComesBackWhenItSaysSo() {
        next = Duration.ofSeconds(120);
        queue.add("a");
        run();
        time.advance(Duration.ofSeconds(119));
        run();
        assertThat(done).hasSize(1);

        time.advance(Duration.ofSeconds(1));
        run();

        assertThat(done).hasSize(2);
    }

    @Test
    void workThatWantsNoMoreLeavesNothingBehind() {
        queue.add("a");
        run();

        assertThat(time.pending()).isZero();
    }

    @Test
    void aClosedQueueBeginsNothing() {
        queue.add("a");

        queue.close();
        queue.add("b");
        run();

        assertThat(done).isEmpty();
        assertThat(time.pending()).isZero();
    }

    /** Lets everything that is due run to its end. */
    private void run() {
        time.advance(NOTHING);
        while (!begun.isEmpty()) {
            begun.remove().run();
            time.advance(NOTHING);
        }
    }
}
