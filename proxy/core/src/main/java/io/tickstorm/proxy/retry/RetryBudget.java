package io.tickstorm.proxy.retry;

import io.tickstorm.proxy.time.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;

/**
 * Keeps retries from becoming a storm: at most max(minimum, percent of what runs) of them run at once, and over the last
 * seconds there were at most that percentage of what came, or a number that the minimum gives. When everything fails, retries then
 * add a fifth to the load instead of multiplying it. Any thread.
 *
 * <p>The first bound alone would not do: what fails quickly runs shortly, so a fifth of what runs may be far more than a fifth
 * of what comes. The second one alone would let all retries of some seconds go at once.
 */
public final class RetryBudget {
    // It looks back over one to two of these: long enough that what a server takes down with it is paid from what came
    // before.
    private static final Duration WINDOW = Duration.ofSeconds(5);
    // Retries in two windows for each one of the minimum, however little comes: three a second. With the default of 3
    // that is
    // about 10 a second, which is what Finagle's budget always gives.
    private static final long TURNS = 30;

    private volatile RetrySettings.Budget settings;
    private final IntSupplier active;
    private final Ticker ticker;
    private final AtomicInteger running = new AtomicInteger();
    private final LongAdder came = new LongAdder();
    private final AtomicLong withdrawn = new AtomicLong();
    private final AtomicReference<Window> window;

    /**
     * Where the counters were when this window began, and the one before it.
     *
     * @param began in nanoseconds of the ticker
     */
    private record Window(long began, long came, long withdrawn, long cameBefore, long withdrawnBefore) {}

    /** @param active how many attempts run now, retries included; asked for each withdrawal */
    public RetryBudget(RetrySettings.Budget settings, IntSupplier active, Ticker ticker) {
        this.settings = settings;
        this.active = active;
        this.ticker = ticker;
        this.window = new AtomicReference<>(new Window(ticker.nanos(), 0, 0, 0, 0));
    }

    /** An attempt begins that the budget does not pay for: later ones may follow it. */
    public void deposit() {
        came.increment();
    }

    /** New settings. Retries that run go on, also if that is more. */
    public void change(RetrySettings.Budget changed) {
        settings = changed;
    }

    /** Takes leave for one retry; whoever got it calls {@link #settle} once when that attempt has ended. */
    public boolean tryWithdraw() {
        if (spent()) {
            return false;
        }
        int allowed = allowed();
        int now;
        do {
            now = running.get();
            if (now >= allowed) {
                return false;
            }
        } while (!running.compareAndSet(now, now + 1));
        withdrawn.incrementAndGet();
        return true;
    }

    /** Gives back what {@link #tryWithdraw} took. */
    public void settle() {
        running.decrementAndGet();
    }

    /** Instead of {@link #settle}: there was no attempt. */
    public void refund() {
        withdrawn.decrementAndGet();
        running.decrementAndGet();
    }

    private boolean spent() {
        var since = window();
        var now = settings;
        // All of this can only be late, by what other threads do meanwhile: a retry for each of them.
        long share = (came.sum() - since.cameBefore()) * now.percent() / 100;
        return withdrawn.get() - since.withdrawnBefore() >= Math.max(TURNS * now.minimum(), share);
    }

    private Window window() {
        var current = window.get();
        long now = ticker.nanos();
        long age = now - current.began();
        if (age < WINDOW.toNanos()) {
            return current;
        }
        long comes = came.sum();
        long goes = withdrawn.get();
        var next = age < 2 * WINDOW.toNanos()
                ? new Window(now, comes, goes, current.came(), current.withdrawn())
                : new Window(now, comes, goes, comes - recent(comes - current.came(), age), goes);
        // Should another thread have been faster, its window is as good.
        return window.compareAndSet(current, next) ? next : window.get();
    }

    /** Nobody has asked for long, so it is not known when they came: taken as evenly. */
    private static long recent(long came, long age) {
        return (long) (came * (2.0 * WINDOW.toNanos() / age));
    }

    /** Retries that run on the budget now. */
    public int running() {
        return running.get();
    }

    /** Retries that may run on the budget now. */
    public int allowed() {
        var now = settings;
        long share = (long) active.getAsInt() * now.percent() / 100;
        return (int) Math.max(now.minimum(), share);
    }
}
