package io.tickstorm.proxy.retry;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/**
 * Keeps retries from becoming a storm: at most max(minimum, percent of what runs) of them run at once. When everything
 * fails, retries then add a fifth to the load instead of multiplying it. Any thread.
 */
public final class RetryBudget {
    private volatile RetrySettings.Budget settings;
    private final IntSupplier active;
    private final AtomicInteger running = new AtomicInteger();

    /** @param active how many attempts run now, retries included; asked for each withdrawal */
    public RetryBudget(RetrySettings.Budget settings, IntSupplier active) {
        this.settings = settings;
        this.active = active;
    }

    /** New settings. Retries that run go on, also if that is more. */
    public void change(RetrySettings.Budget changed) {
        settings = changed;
    }

    /** Takes leave for one retry; whoever got it calls {@link #settle} once when that attempt has ended. */
    public boolean tryWithdraw() {
        int allowed = allowed();
        int now;
        do {
            now = running.get();
            if (now >= allowed) {
                return false;
            }
        } while (!running.compareAndSet(now, now + 1));
        return true;
    }

    /** Gives back what {@link #tryWithdraw} took. */
    public void settle() {
        running.decrementAndGet();
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
