package io.tickstorm.proxy.backend;

import io.tickstorm.proxy.breaker.CircuitBreaker;
import io.tickstorm.proxy.endpoint.Condition;
import io.tickstorm.proxy.endpoint.HoldReason;
import io.tickstorm.proxy.endpoint.Upstream;
import io.tickstorm.proxy.time.Ticker;
import io.tickstorm.proxy.time.Timers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * An upstream with those who judge it. Each judge keeps its own truth; {@link #publish} copies it to the upstream's hold
 * reasons. Any thread.
 */
final class Member {
    private final Upstream upstream;
    private final Ticker ticker;
    private final CircuitBreaker breaker;
    private final AtomicReference<@Nullable Setback> setback = new AtomicReference<>();
    private volatile Timers.@Nullable Timer openTime;

    Member(Upstream upstream, Ticker ticker, CircuitBreaker breaker) {
        this.upstream = upstream;
        this.ticker = ticker;
        this.breaker = breaker;
    }

    Upstream upstream() {
        return upstream;
    }

    CircuitBreaker breaker() {
        return breaker;
    }

    /** Whether discovery wants it to get work, and nobody drains it by hand. */
    boolean active() {
        return upstream.endpoint().condition() == Condition.ACTIVE && !upstream.drainedByHand();
    }

    /** Whether it is leaving and still serves. */
    boolean draining() {
        return switch (upstream.endpoint().condition()) {
            case ACTIVE -> upstream.drainedByHand();
            case DRAINING -> true;
            case NOT_READY -> false;
        };
    }

    /**
     * No connection could be made: holds it back for a time, then runs a task. False, and nothing happens, if it is held back
     * for that already.
     */
    boolean unreachable(Duration time, Timers timers, Runnable after) {
        var fresh = new Setback();
        if (!setback.compareAndSet(null, fresh)) {
            return false;
        }
        fresh.timer = timers.after(time, () -> {
            if (setback.compareAndSet(fresh, null)) {
                after.run();
            }
        });
        if (setback.get() != fresh || upstream.removed()) {
            cancel(fresh.timer);
        }
        return true;
    }

    /** There is news of it, which makes that failure old. */
    void forgive() {
        var old = setback.getAndSet(null);
        if (old != null) {
            cancel(old.timer);
        }
    }

    /** Its breaker opened: lets it probe after a time, then runs a task. */
    void opened(Duration time, Timers timers, Runnable after) {
        var timer = timers.after(time, () -> {
            if (breaker.probe()) {
                after.run();
            }
        });
        openTime = timer;
        if (upstream.removed()) {
            timer.cancel();
        }
    }

    /** Leaves no timer behind. */
    void retire() {
        upstream.remove();
        forgive();
        cancel(openTime);
    }

    /**
     * Copies what the judges say. Of two threads that copy at once the later writer may hold the older reading; so each
     * looks again after it has written, and whoever wrote last has seen that its value is still true.
     */
    void publish() {
        boolean held;
        do {
            held = breaker.holds();
            show(HoldReason.CIRCUIT_OPEN, held, "failures in a row");
        } while (held != breaker.holds());
        do {
            held = setback.get() != null;
            show(HoldReason.UNREACHABLE, held, "no connection could be made a moment ago");
        } while (held != (setback.get() != null));
    }

    private void show(HoldReason reason, boolean held, String detail) {
        if (held) {
            upstream.hold(reason, detail, ticker.nanos());
        } else {
            upstream.lift(reason);
        }
    }

    private static void cancel(Timers.@Nullable Timer timer) {
        if (timer != null) {
            timer.cancel();
        }
    }

    private static final class Setback {
        volatile Timers.@Nullable Timer timer;
    }
}
