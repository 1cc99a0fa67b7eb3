package io.tickstorm.proxy.backend;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The requests that wait for an upstream with room, first come first served. Any thread; no lock.
 *
 * <p>Nobody looks by time: whoever makes room calls {@link #serve}. One thread serves at a time; what others say meanwhile
 * makes it look once more before it stops. No room that was made goes unnoticed, since whichever of these two comes second
 * sees what the other one did:
 *
 * <pre>
 *   a waiter:  enters, then serves            whoever makes room:  makes it, then serves
 * </pre>
 *
 * <p>Retries that wait for the budget stand in a second queue: what keeps them is nothing that others wait for, so they
 * must not keep others.
 */
final class Line {
    private final Function<Place, Retry> room;
    private final ConcurrentLinkedQueue<Place> free = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Place> paid = new ConcurrentLinkedQueue<>();
    private final AtomicInteger length = new AtomicInteger();
    private final AtomicInteger wantingRoom = new AtomicInteger();
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicLong numbers = new AtomicLong();
    // Written by whoever serves. Stale at worst: whoever then enters for nothing is served at once.
    private volatile boolean retryWantsRoom;

    /**
     * @param room a lease that has not begun, for whoever has this place, or why there is none; called by one thread at a
     *     time
     */
    Line(Function<Place, Retry> room) {
        this.room = room;
    }

    /** Requests that wait now; exact. */
    int length() {
        return length.get();
    }

    /** Whether somebody waits for room: whoever comes now is not the next one. */
    boolean queued() {
        return wantingRoom.get() != 0 || retryWantsRoom;
    }

    /** Enters the line and is served at once if there is room; null if as many as may wait already. */
    @Nullable
    Place enter(Attempts attempts, boolean pays, Waiter waiter, int size) {
        int now;
        do {
            now = length.get();
            if (now >= size) {
                return null;
            }
        } while (!length.compareAndSet(now, now + 1));
        var place = new Place(this, attempts, pays, waiter, numbers.getAndIncrement());
        if (!pays) {
            wantingRoom.incrementAndGet();
        }
        queue(place).add(place);
        serve();
        return place;
    }

    /** For a place that was claimed by whoever left. */
    void left(Place place) {
        queue(place).remove(place);
        gone(place);
    }

    /** Gives what there is to those who wait, in their order. */
    void serve() {
        if (length.get() == 0 || calls.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            while (serveNext()) {}
            seen = calls.addAndGet(-seen);
        } while (seen != 0);
    }

    /** True if somebody was served. */
    private boolean serveNext() {
        var first = first(free);
        var retry = first(paid);
        if (retry == null) {
            retryWantsRoom = false;
        }
        if (retry != null && (first == null || retry.number() < first.number())) {
            return serve(retry) || (first != null && serve(first));
        }
        return first != null && (serve(first) || (retry != null && serve(retry)));
    }

    private static @Nullable Place first(ConcurrentLinkedQueue<Place> queue) {
        var first = queue.peek();
        while (first != null && !first.waits()) {
            queue.remove(first);
            first = queue.peek();
        }
        return first;
    }

    private boolean serve(Place place) {
        var answer = room.apply(place);
        if (place.pays()) {
            retryWantsRoom = answer == Retry.Denied.NO_UPSTREAM;
        }
        if (!(answer instanceof Lease lease)) {
            return false;
        }
        queue(place).remove(place);
        if (!place.claim()) {
            lease.giveBack();
            return true;
        }
        gone(place);
        lease.begin(place.attempts());
        try {
            place.waiter().granted(lease);
        } catch (RuntimeException gone) {
            // Its event loop has been shut down: nobody is there any more to hear of it, and the others still wait.
            lease.end(new Outcome.Cancelled());
        }
        return true;
    }

    private void gone(Place place) {
        length.decrementAndGet();
        if (!place.pays()) {
            wantingRoom.decrementAndGet();
        }
    }

    private ConcurrentLinkedQueue<Place> queue(Place place) {
        return place.pays() ? paid : free;
    }
}
