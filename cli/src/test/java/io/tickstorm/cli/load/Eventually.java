package io.tickstorm.cli.load;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for what another thread or process does. */
public final class Eventually {
    private static final Duration LOOK = Duration.ofMillis(20);

    private Eventually() {}

    /** @throws AssertionError if {@code condition} has not come true within {@code limit} */
    public static void within(Duration limit, Callable<Boolean> condition) throws Exception {
        var deadline = System.nanoTime() + limit.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + limit);
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }
}
