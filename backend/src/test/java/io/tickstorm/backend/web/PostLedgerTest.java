package io.tickstorm.backend.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PostLedgerTest {
    @Test
    void repeatedIdsAreCounted() {
        var ledger = new PostLedger(10, id -> {});

        ledger.record("a");
        ledger.record("b");
        ledger.record("a");
        ledger.record("a");

        assertThat(ledger.posts()).isEqualTo(4);
        assertThat(ledger.ids()).isEqualTo(2);
        assertThat(ledger.forgotten()).isZero();
        assertThat(ledger.repeated()).containsExactly(new PostLedger.Entry("a", 3));
        assertThat(ledger.entries())
                .containsExactlyInAnyOrder(new PostLedger.Entry("a", 3), new PostLedger.Entry("b", 1));
    }

    @Test
    void theOldestIdsMakeRoomForNewOnes() {
        var ledger = new PostLedger(3, id -> {});

        IntStream.rangeClosed(1, 5).forEach(i -> ledger.record("id-" + i));

        assertThat(ledger.entries().map(PostLedger.Entry::id)).containsExactlyInAnyOrder("id-3", "id-4", "id-5");
        assertThat(ledger.forgotten()).isEqualTo(2);
        assertThat(ledger.posts()).isEqualTo(5);
    }

    @Test
    void noRepetitionIsLostBetweenThreads() throws Exception {
        var ledger = new PostLedger(10_000, id -> {});
        var start = new CountDownLatch(1);
        var threads = IntStream.range(0, 4)
                .mapToObj(thread -> Thread.ofPlatform().start(() -> {
                    awaitQuietly(start);
                    IntStream.range(0, 5_000).forEach(i -> ledger.record("id-" + i));
                }))
                .toList();

        start.countDown();
        for (var thread : threads) {
            thread.join();
        }

        assertThat(ledger.posts()).isEqualTo(20_000);
        assertThat(ledger.ids()).isEqualTo(5_000);
        assertThat(ledger.entries().map(PostLedger.Entry::count)).containsOnly(4);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theJournalIsToldOfEveryPostInOrder() {
        var journal = new ArrayList<String>();
        var ledger = new PostLedger(1, journal::add);

        ledger.record("a");
        ledger.record("b");
        ledger.record("a");

        assertThat(journal).containsExactly("a", "b", "a");
    }
}
