package io.tickstorm.proxy.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ConnectionsTest {
    private final Connections connections = new Connections();
    private final List<String> granted = new ArrayList<>();

    private boolean open(String who) {
        return connections.open(() -> granted.add(who));
    }

    @Test
    void withoutALimitEverybodyMayOpen() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(open("x")).isTrue();
        }
        assertThat(connections.open()).isEqualTo(1_000);
        assertThat(connections.wanted()).isFalse();
    }

    @Test
    void whoComesOverTheLimitGetsWhatIsClosedInTheOrderTheyCame() {
        connections.limit(1);
        assertThat(open("a")).isTrue();
        assertThat(open("b")).isFalse();
        assertThat(open("c")).isFalse();
        assertThat(connections.wanted()).isTrue();

        connections.closed();
        assertThat(granted).containsExactly("b");
        connections.closed();
        assertThat(granted).containsExactly("b", "c");
        assertThat(connections.wanted()).isFalse();

        connections.closed();
        assertThat(connections.open()).isZero();
    }

    @Test
    void whoHoldsIdleOnesIsToldWhenOneIsWanted() {
        connections.limit(1);
        var told = new AtomicInteger();
        Runnable holder = () -> {
            told.incrementAndGet();
            connections.closed();
        };
        connections.hold(holder);
        assertThat(open("idle")).isTrue();
        assertThat(told).hasValue(0);

        assertThat(open("next")).isFalse();

        assertThat(told).hasValue(1);
        assertThat(granted).containsExactly("next");
        connections.release(holder);
        open("one more");
        assertThat(told).hasValue(1);
    }

    @Test
    void aHigherLimitLetsInWhoWaits() {
        connections.limit(1);
        open("a");
        open("b");

        connections.limit(2);

        assertThat(granted).containsExactly("b");
    }

    @Test
    void underConcurrencyTheLimitHoldsAndNobodyIsForgotten() throws InterruptedException {
        int limit = 3;
        int threads = 4;
        int each = 20_000;
        connections.limit(limit);
        var now = new AtomicInteger();
        var most = new AtomicInteger();
        var done = new AtomicInteger();
        var mine = new ConcurrentLinkedQueue<Runnable>();
        Runnable work = () -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            // closed by whoever comes by, so that grants do not nest
            mine.add(() -> {
                now.decrementAndGet();
                done.incrementAndGet();
                connections.closed();
            });
        };
        var all = new ArrayList<Thread>();
        for (int t = 0; t < threads; t++) {
            all.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < each; i++) {
                    if (connections.open(work)) {
                        work.run();
                    }
                    for (var close = mine.poll(); close != null; close = mine.poll()) {
                        close.run();
                    }
                }
            }));
        }
        for (var thread : all) {
            thread.join();
        }
        for (var close = mine.poll(); close != null; close = mine.poll()) {
            close.run();
        }

        assertThat(done).hasValue(threads * each);
        assertThat(most.get()).isLessThanOrEqualTo(limit);
        assertThat(connections.open()).isZero();
        assertThat(connections.wanted()).isFalse();
    }
}
