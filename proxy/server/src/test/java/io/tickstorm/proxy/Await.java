package io.tickstorm.proxy;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what other threads bring about. */
public final class Await {
    /** Generous: it is only ever reached by a test that fails. */
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private static final Duration LOOK_EVERY = Duration.ofMillis(5);

    private Await() {}

    /** Returns once the condition holds. */
    public static void await(String what, BooleanSupplier condition) {
        var deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not within " + DEADLINE.toSeconds() + " s: " + what);
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }
}
