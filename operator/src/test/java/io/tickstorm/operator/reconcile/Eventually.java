package io.tickstorm.operator.reconcile;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits for what another process brings about. */
final class Eventually {
    private static final Duration DEADLINE = Duration.ofSeconds(90);
    private static final Duration GLANCE = Duration.ofMillis(25);

    private Eventually() {}

    /** The first value that is as expected; fails with the last one otherwise. */
    static <T> T eventually(String what, Supplier<T> value, Predicate<T> expected) {
        return eventually(what, DEADLINE, value, expected);
    }

    /** As above, for what may take longer. */
    static <T> T eventually(String what, Duration deadline, Supplier<T> value, Predicate<T> expected) {
        var end = System.nanoTime() + deadline.toNanos();
        T last;
        do {
            last = value.get();
            if (last != null && expected.test(last)) {
                return last;
            }
            LockSupport.parkNanos(GLANCE.toNanos());
        } while (System.nanoTime() < end);
        throw new AssertionError(what + " not within " + deadline.toSeconds() + " s; last: " + last);
    }
}
