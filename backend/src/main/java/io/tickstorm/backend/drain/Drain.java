package io.tickstorm.backend.drain;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Whether this process is leaving, and when each of its long-lived streams should end.
 *
 * <p>Streams end at random moments of a window instead of all at once, so that their clients do not all reconnect to the
 * remaining servers in the same instant. Thread-safe.
 */
public final class Drain {
    private final LongSupplier nanoClock;
    private final RandomGenerator random;
    private final Set<Runnable> enrolled = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Window window;

    private record Window(long startNanos, long lengthNanos) {}

    /**
     * @param nanoClock as {@link System#nanoTime}
     * @param random used from any thread
     */
    public Drain(LongSupplier nanoClock, RandomGenerator random) {
        this.nanoClock = nanoClock;
        this.random = random;
    }

    /** Whether {@link #begin} was called. */
    public boolean begun() {
        return window != null;
    }

    /** Tells everybody who is enrolled, once, on this thread. Later calls do nothing. */
    public synchronized void begin(Duration length) {
        if (window != null) {
            return;
        }
        window = new Window(nanoClock.getAsLong(), length.toNanos());
        for (var leave : enrolled) {
            tell(leave);
        }
    }

    /**
     * Has {@code leave} run when the drain begins; on this thread and at once if it has begun. It should end its stream
     * after {@link #delay()}. Unless it has run, {@link #forget} it when the stream ends by itself.
     */
    public void enroll(Runnable leave) {
        enrolled.add(leave);
        // begin() sets the window before it looks at the set, and we look after we have added: one of both tells it.
        if (begun()) {
            tell(leave);
        }
    }

    public void forget(Runnable leave) {
        enrolled.remove(leave);
    }

    /** A random time within what is left of the window: zero once it is over, or before the drain has begun. */
    public Duration delay() {
        var current = window;
        if (current == null) {
            return Duration.ZERO;
        }
        var left = current.lengthNanos - (nanoClock.getAsLong() - current.startNanos);
        return left <= 0 ? Duration.ZERO : Duration.ofNanos(random.nextLong(left));
    }

    private void tell(Runnable leave) {
        if (enrolled.remove(leave)) {
            leave.run();
        }
    }
}
