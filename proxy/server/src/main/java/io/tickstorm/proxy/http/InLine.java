package io.tickstorm.proxy.http;

import io.tickstorm.proxy.backend.Attempts;
import io.tickstorm.proxy.backend.Backend;
import io.tickstorm.proxy.backend.Lease;
import io.tickstorm.proxy.backend.Outcome;
import io.tickstorm.proxy.backend.Place;
import io.tickstorm.proxy.backend.Waiter;
import org.jspecify.annotations.Nullable;

/**
 * An exchange that stands in the line of its backend, for as long as that allows. It ends once: with a lease, by leaving, or
 * when its time is over. For one event loop but {@link #granted}, which any thread may call.
 */
final class InLine implements Waiter {
    private static final Outcome CANCELLED = new Outcome.Cancelled();

    private final NextAttempt next;
    private final Worker worker;
    private final Deadline deadline = new Deadline(this::timedOut);
    private @Nullable Place place;
    private boolean over;

    InLine(NextAttempt next, Worker worker) {
        this.next = next;
        this.worker = worker;
    }

    /**
     * Begins to wait.
     *
     * @param paid whether the budget has to pay for what it waits for
     * @return false if nobody else may wait; then nothing will come
     */
    boolean enter(Backend backend, Attempts attempts, boolean paid) {
        var time = backend.queueTimeout();
        if (time.isZero()) {
            return false;
        }
        deadline.arm(worker.within(time));
        place = backend.await(attempts, paid, this);
        if (place == null) {
            deadline.cancel();
            return false;
        }
        return true;
    }

    /** On the thread of whoever made room. An event loop that has ended throws, and the backend takes the lease back. */
    @Override
    public void granted(Lease lease) {
        worker.loop().execute(() -> take(lease));
    }

    private void take(Lease lease) {
        if (over) {
            lease.end(CANCELLED); // it left while the lease was on its way
            return;
        }
        over = true;
        deadline.cancel();
        next.granted(lease);
    }

    /** Gives up waiting. */
    void leave() {
        over = true;
        deadline.cancel();
        if (place != null) {
            place.leave();
        }
    }

    private void timedOut() {
        leave();
        next.queueTimedOut();
    }
}
