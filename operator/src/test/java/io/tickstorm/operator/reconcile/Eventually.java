package io.tickstorm.operator.reconcile;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits for what another process brings about, and writes what it writes too. */
public final class Eventually {
    private static final Duration DEADLINE = Duration.ofSeconds(90);
    private static final Duration GLANCE = Duration.ofMillis(25);

    private Eventually() {}

    /** The first value that is as expected; fails with the last one otherwise. */
    public static <T> T eventually(String what, Supplier<T> value, Predicate<T> expected) {
        return eventually(what, DEADLINE, value, expected);
    }

    /** Returns once it is so. */
    public static void eventually(String what, BooleanSupplier expected) {
        eventually(what, expected::getAsBoolean, reached -> reached);
    }

    /** As above, for what may take longer. */
    public static <T> T eventually(String what, Duration deadline, Supplier<T> value, Predicate<T> expected) {
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

    /** Reads, changes and writes an object; anew when somebody else has written it in between (409), as {@code kubectl edit} asks its user to. */
    public static void written(String what, Runnable change) {
        eventually(
                what + " written",
                () -> {
                    try {
                        change.run();
                        return true;
                    } catch (KubernetesClientException e) {
                        if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                            throw e;
                        }
                        return false;
                    }
                },
                written -> written);
    }
}
