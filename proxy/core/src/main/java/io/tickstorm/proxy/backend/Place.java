package io.tickstorm.proxy.backend;

import java.util.concurrent.atomic.AtomicBoolean;

/** A place in the line of a backend: it ends with a lease for the waiter or by leaving, never with both. Any thread. */
public final class Place {
    private final Line line;
    private final Attempts attempts;
    private final boolean pays;
    private final Waiter waiter;
    private final long number;
    private final AtomicBoolean over = new AtomicBoolean();

    Place(Line line, Attempts attempts, boolean pays, Waiter waiter, long number) {
        this.line = line;
        this.attempts = attempts;
        this.pays = pays;
        this.waiter = waiter;
        this.number = number;
    }

    /**
     * Gives the place up, for example because the time is over or the client is gone. The attempts make no others then.
     *
     * @return true: it still waited and no lease will come. False: the waiter has got its lease, or is about to, and must
     *     end it
     */
    public boolean leave() {
        if (!claim()) {
            return false;
        }
        line.left(this);
        return true;
    }

    Attempts attempts() {
        return attempts;
    }

    /** Whether the budget pays for what it waits for. */
    boolean pays() {
        return pays;
    }

    /** Who came first has the lower one. */
    long number() {
        return number;
    }

    Waiter waiter() {
        return waiter;
    }

    /** True for the one who ends it. */
    boolean claim() {
        return over.compareAndSet(false, true);
    }

    boolean waits() {
        return !over.get();
    }
}
