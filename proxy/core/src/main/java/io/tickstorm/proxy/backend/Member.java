package io.tickstorm.proxy.backend;

import io.tickstorm.proxy.breaker.Admission;
import io.tickstorm.proxy.breaker.CircuitBreaker;
import io.tickstorm.proxy.breaker.Ejection;
import io.tickstorm.proxy.endpoint.Condition;
import io.tickstorm.proxy.endpoint.HoldReason;
import io.tickstorm.proxy.endpoint.Upstream;
import io.tickstorm.proxy.time.Ticker;
import io.tickstorm.proxy.time.Timers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An upstream with those who judge it. Each judge keeps its own truth; {@link #publish} copies it to the upstream's hold
 * reasons. Any thread.
 */
final class Member {
    private final Upstream upstream;
    private final Ticker ticker;
    private final CircuitBreaker breaker;
    private final Ejection ejection;
    private final Sounds sounds;
    private final AtomicReference<@Nullable Setback> setback = new AtomicReference<>();
    private volatile Timers.@Nullable Timer openTime;
    private volatile Timers.@Nullable Timer timeOut;
    private volatile String ejected = "";
    private volatile boolean warming;
    private volatile long warmsSince;

    Member(Upstream upstream, Ticker ticker, CircuitBreaker breaker, Ejection ejection) {
        this.upstream = upstream;
        this.ticker = ticker;
        this.breaker = breaker;
        this.ejection = ejection;
        this.sounds = new Sounds(upstream, ticker.nanos());
    }

    Upstream upstream() {
        return upstream;
    }

    CircuitBreaker breaker() {
        return breaker;
    }

    Ejection ejection() {
        return ejection;
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

    /** Whether a request would be lost on it for certain: nobody answers there, which is a fact and not a verdict. */
    boolean lost() {
        return setback.get() != null || ejection.cause() == Ejection.Cause.SILENCE;
    }

    /** Asks all judges for an attempt. Whoever is admitted reports its end to all, with what it got here. */
    Admission admit() {
        var byBreaker = breaker.admit();
        if (byBreaker == Admission.REFUSED) {
            return byBreaker;
        }
        var byEjection = ejection.admit(byBreaker);
        if (byEjection == Admission.FREE) {
            return byBreaker;
        }
        if (byEjection == Admission.REFUSED) {
            breaker.cancelled(byBreaker);
            return byEjection;
        }
        // What was silent before it says nothing about the time that the probe has.
        sounds.from(ticker.nanos());
        return byEjection;
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

    /** Another process is there, for all that is known: nothing is held against it. */
    void renew() {
        forgive();
        breaker.reset();
        ejection.reset();
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

    /** It was ejected: lets it probe after a time, then runs a task. */
    void ejected(String detail, Duration time, Timers timers, Runnable after) {
        ejected = detail;
        cancel(timeOut); // of a time that ended early
        var timer = timers.after(time, () -> {
            if (probe()) {
                after.run();
            }
        });
        timeOut = timer;
        if (upstream.removed()) {
            timer.cancel();
        }
    }

    /** On probation, if it was out. */
    boolean probe() {
        return ejection.probe();
    }

    /** Leaves no timer behind. */
    void retire() {
        upstream.remove();
        forgive();
        cancel(openTime);
        cancel(timeOut);
    }

    // Slow start

    boolean warming() {
        return warming;
    }

    long warmsSince() {
        return warmsSince;
    }

    void warmsSince(long now) {
        warmsSince = now;
        warming = true;
    }

    void warm() {
        warming = false;
        upstream.warm(1, Integer.MAX_VALUE);
    }

    Sounds sounds() {
        return sounds;
    }

    // Reasons

    /**
     * Copies what the judges say. Of two threads that copy at once the later writer may hold the older reading; so each
     * looks again after it has written, and whoever wrote last has seen that its value is still true.
     */
    void publish() {
        copy(HoldReason.CIRCUIT_OPEN, breaker::holds, breaker::detail);
        copy(HoldReason.EJECTED, ejection::holds, this::ejectionDetail);
        copy(HoldReason.UNREACHABLE, () -> setback.get() != null, () -> "no connection could be made a moment ago");
    }

    private void copy(HoldReason reason, BooleanSupplier holds, Supplier<String> detail) {
        boolean held;
        do {
            held = holds.getAsBoolean();
            if (held) {
                upstream.hold(reason, detail.get(), ticker.nanos());
            } else {
                upstream.lift(reason);
            }
        } while (held != holds.getAsBoolean());
    }

    private String ejectionDetail() {
        return ejected + (ejection.out() ? "" : "; one request finds out how it is now");
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
