package io.tickstorm.proxy.backend;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;

/** Two threads that do something at the same moment. */
final class Race {
    private Race() {}

    /** Both threads wait for each other before they begin, spinning, since waking up takes longer than the race. */
    static void atOnce(ExecutorService other, Runnable ours, Runnable theirs) throws Exception {
        var ready = new AtomicInteger();
        var done = other.submit(() -> {
            meet(ready);
            theirs.run();
        });
        meet(ready);
        ours.run();
        done.get();
    }

    private static void meet(AtomicInteger ready) {
        ready.incrementAndGet();
        while (ready.get() < 2) {
            Thread.yield();
        }
    }
}
