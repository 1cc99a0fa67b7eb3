package io.tickstorm.proxy.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.listener.Rate;
import io.tickstorm.proxy.time.ManualTime;
import io.tickstorm.proxy.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClientBucketsTest {
    private static final long SEED = 20_261_121;

    private final ManualTime time = new ManualTime();

    @Test
    void aBurstPassesAtOnceAndThenThePaceHolds() {
        var buckets = buckets(64, new Rate(10, 3));

        assertThat(admitted(buckets, 1, 5)).isEqualTo(3);
        assertThat(buckets.tryTake(1)).isEqualTo(Duration.ofMillis(100).toNanos());
        time.advance(Duration.ofMillis(99));
        // A 64th of the 100 ms of a token is what it counts in.
        assertThat(buckets.tryTake(1)).isBetween(1_000_000L, 1_000_000L + 1_562_500);
        time.advance(Duration.ofMillis(1));
        assertThat(admitted(buckets, 1, 2)).isOne();
    }

    @Test
    void whoIsRefusedPaysNothing() {
        var buckets = buckets(64, new Rate(10, 1));
        admitted(buckets, 1, 1_000);

        time.advance(Duration.ofMillis(100));

        assertThat(buckets.tryTake(1)).isZero();
    }

    @Test
    void aPauseFillsNoMoreThanTheBurst() {
        var buckets = buckets(64, new Rate(10, 3));
        admitted(buckets, 1, 3);

        time.advance(Duration.ofHours(1));

        assertThat(admitted(buckets, 1, 10)).isEqualTo(3);
    }

    @Test
    void overALongTimeItIsTheRateAndTheFirstBurst() {
        var buckets = buckets(64, new Rate(30_000, 5));
        int passed = 0;
        for (int i = 0; i < 100_000; i++) {
            passed += admitted(buckets, 1, 1);
            time.advance(Duration.ofNanos(10_000));
        }

        // One second. A 64th of a token is 520.8 ns and counted as 521: 29,990 of them.
        assertThat(passed).isBetween(29_980, 29_995);
    }

    @Test
    void clientsDoNotShareABucket() {
        var buckets = buckets(1_024, new Rate(1, 2));

        for (long client = 1; client <= 100; client++) {
            assertThat(admitted(buckets, client, 3)).as("client %d", client).isEqualTo(2);
        }
    }

    @Test
    void aBucketIsFullAfterAnyTime() {
        // The clock of the entries turns over after two billion tokens: here every 25 days.
        var buckets = buckets(64, new Rate(1_000, 10));
        for (int day = 0; day < 100; day++) {
            assertThat(admitted(buckets, 1, 11)).as("day %d", day).isEqualTo(10);
            time.advance(Duration.ofDays(1));
        }
    }

    @Test
    void theClockMayBeginAnywhere() {
        var buckets = new ClientBuckets(64, new Rate(10, 2), () -> time.nanos() - 150_000_000, SEED);
        for (int i = 0; i < 10; i++) {
            assertThat(admitted(buckets, 1, 3)).as("round %d", i).isEqualTo(i == 0 ? 2 : 1);
            time.advance(Duration.ofMillis(100));
        }
    }

    @Test
    void aHundredThousandHonestClientsFitIntoMemoryForFewer() {
        var buckets = buckets(65_536, new Rate(1, 2));
        var greedy = -1L;
        admitted(buckets, greedy, 2);

        // Each honest client comes once in ten seconds; all of them come in the time in which a bucket fills.
        for (long client = 0; client < 100_000; client++) {
            assertThat(buckets.tryTake(client))
                    .as("client %d, seed %d", client, SEED)
                    .isZero();
            time.advance(Duration.ofNanos(100_000));
            if (client % 1_000 == 0) {
                // One token has come since it last asked, after ten such steps.
                assertThat(admitted(buckets, greedy, 10)).as("at %d", client).isLessThanOrEqualTo(1);
            }
        }

        assertThat(buckets.capacity()).isEqualTo(65_536);
    }

    @Test
    void whoHasUsedUpMostIsForgottenLast() {
        var buckets = buckets(64, new Rate(1, 100));
        var greedy = LongStream.range(0, 8).map(i -> -1 - i).toArray();
        for (long client : greedy) {
            admitted(buckets, client, 100);
        }

        // A thousand others take one token each: far more than there are slots.
        LongStream.range(0, 1_000).forEach(buckets::tryTake);

        for (long client : greedy) {
            assertThat(buckets.tryTake(client))
                    .as("client %d, seed %d", client, SEED)
                    .isPositive();
        }
    }

    @Test
    void manyThreadsNeverGetMoreThanTheBurst() throws Exception {
        var random = new SplittableRandom(SEED);
        int threads = 4;
        int burst = 7;
        for (int round = 0; round < 300; round++) {
            // New for each round: most of what can go wrong goes wrong when a client is entered.
            var buckets = new ClientBuckets(8, new Rate(1, burst), time, random.nextLong());
            long[] clients = random.longs(6).toArray();
            var admitted = new AtomicInteger[clients.length];
            for (int i = 0; i < clients.length; i++) {
                admitted[i] = new AtomicInteger();
            }
            var barrier = new CyclicBarrier(threads);
            var running = new ArrayList<Thread>();
            for (int thread = 0; thread < threads; thread++) {
                running.add(Thread.ofPlatform().start(() -> {
                    await(barrier);
                    for (int turn = 0; turn < burst; turn++) {
                        for (int i = 0; i < clients.length; i++) {
                            if (buckets.tryTake(clients[i]) == 0) {
                                admitted[i].incrementAndGet();
                            }
                        }
                    }
                }));
            }
            for (var thread : running) {
                thread.join();
            }

            for (var count : admitted) {
                assertThat(count.get()).as("round %d, seed %d", round, SEED).isEqualTo(burst);
            }
        }
    }

    /**
     * Two threads meet a new client, when its set has no empty slot. The first one looks while only slot 1 is full and
     * chooses it. Before it has written anything slot 0 is full, too; the second thread looks, finds no entry of the
     * client either, and chooses slot 0. Then the first one goes on to its end, and after it the second one.
     */
    @Test
    void aClientThatIsEnteredTwiceAtOnceHasOneBucket() throws InterruptedException {
        var pausing = new PausingClock(time);
        var buckets = new ClientBuckets(8, new Rate(1, 1), pausing, SEED);
        for (long other = 0; other < 8; other++) {
            assertThat(buckets.tryTake(other)).isZero();
            time.advance(Duration.ofMillis(10));
        }
        time.advance(Duration.ofMillis(920));
        assertThat(buckets.tryTake(0)).as("slot 0 is full last").isZero();
        time.advance(Duration.ofMillis(10));
        var firstLooked = new CountDownLatch(1);
        var secondLooked = new CountDownLatch(1);
        var admitted = new AtomicInteger();

        var first = Thread.ofPlatform().start(() -> {
            pausing.beforeClaim(() -> {
                firstLooked.countDown();
                await(secondLooked);
            });
            if (buckets.tryTake(99) == 0) {
                admitted.incrementAndGet();
            }
        });
        await(firstLooked);
        time.advance(Duration.ofSeconds(1));
        pausing.beforeClaim(() -> {
            secondLooked.countDown();
            join(first);
        });
        if (buckets.tryTake(99) == 0) {
            admitted.incrementAndGet();
        }

        assertThat(admitted).hasValue(1);
    }

    /** Stops a thread when it has looked through a set: at the reading of the clock for what it writes then. */
    private record PausingClock(Ticker time, ThreadLocal<@Nullable Pause> pauses) implements Ticker {
        private static final int READINGS_OF_A_LOOK = 8;

        PausingClock(Ticker time) {
            this(time, new ThreadLocal<>());
        }

        private static final class Pause {
            private final Runnable action;
            private int readings;

            Pause(Runnable action) {
                this.action = action;
            }
        }

        void beforeClaim(Runnable action) {
            pauses.set(new Pause(action));
        }

        @Override
        public long nanos() {
            var pause = pauses.get();
            long now = time.nanos();
            if (pause != null && pause.readings++ == READINGS_OF_A_LOOK) {
                pause.action.run();
            }
            return now;
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception broken) {
            throw new AssertionError(broken);
        }
    }

    private ClientBuckets buckets(int clients, Rate rate) {
        return new ClientBuckets(clients, rate, time, SEED);
    }

    /** How many of so many tries pass. */
    private static int admitted(ClientBuckets buckets, long client, int tries) {
        int passed = 0;
        for (int i = 0; i < tries; i++) {
            if (buckets.tryTake(client) == 0) {
                passed++;
            }
        }
        return passed;
    }
}
