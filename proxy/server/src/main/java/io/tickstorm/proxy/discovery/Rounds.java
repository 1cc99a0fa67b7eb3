package io.tickstorm.proxy.discovery;

import io.tickstorm.proxy.time.Ticker;
import io.tickstorm.proxy.time.Timers;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs a task again and again, each time on a virtual thread of its own, for it may block: when the time has come that the
 * task itself asked for, or sooner if somebody asks, but never twice at once.
 *
 * <p>The lock is held for a few instructions; not for event loops.
 */
final class Rounds implements AutoCloseable {
    /** From the beginning of a round to the earliest beginning of one that somebody asked for. */
    private static final Duration SPACING = Duration.ofSeconds(1);

    private final String name;
    private final Supplier<Duration> round;
    private final Ticker ticker;
    private final Timers timers;

    // Guarded by this.
    private Timers.@Nullable Timer timer;
    private long due;
    private long begun;
    private boolean running;
    private boolean askedMeanwhile;
    private boolean closed;

    /**
     * @param name of its threads
     * @param round tells how long after its end the next one begins; must not throw
     */
    Rounds(String name, Supplier<Duration> round, Ticker ticker, Timers timers) {
        this.name = name;
        this.round = round;
        this.ticker = ticker;
        this.timers = timers;
        this.begun = ticker.nanos();
    }

    synchronized void start() {
        arm(Duration.ZERO);
    }

    /**
     * Sees to it that a round begins after a delay, or as soon as the spacing allows.
     *
     * @return false if one is to begin until then anyway
     */
    synchronized boolean soon(Duration delay) {
        if (running) {
            boolean first = !askedMeanwhile;
            askedMeanwhile = true;
            return first;
        }
        var wait = longer(delay, untilAllowed());
        if (closed || timer == null || due - ticker.nanos() <= wait.toNanos()) {
            return false;
        }
        arm(wait);
        return true;
    }

    @Override
    public synchronized void close() {
        closed = true;
        cancel();
    }

    private void arm(Duration delay) {
        cancel();
        due = ticker.nanos() + delay.toNanos();
        timer = timers.after(delay, this::begin);
    }

    private synchronized void begin() {
        if (!closed && !running) {
            timer = null;
            running = true;
            begun = ticker.nanos();
            Thread.ofVirtual().name(name).start(() -> end(round.get()));
        }
    }

    private synchronized void end(Duration next) {
        running = false;
        if (!closed) {
            arm(askedMeanwhile && untilAllowed().compareTo(next) < 0 ? untilAllowed() : next);
        }
        askedMeanwhile = false;
    }

    private Duration untilAllowed() {
        var left = SPACING.minusNanos(ticker.nanos() - begun);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private void cancel() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
