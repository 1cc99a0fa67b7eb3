package io.tickstorm.proxy.http;

import org.jspecify.annotations.Nullable;

/** Something that happens unless it is called off in time: see {@link Deadlines}. For one event loop. */
final class Deadline {
    private final Runnable expired;
    private Deadlines.@Nullable Queue queue;

    // Links of the queue it waits in.
    @Nullable
    Deadline previous;

    @Nullable
    Deadline next;

    long at;

    Deadline(Runnable expired) {
        this.expired = expired;
    }

    /** Starts to wait in {@code other}, from now; a wait that was under way is called off. */
    void arm(Deadlines.Queue other) {
        cancel();
        if (other.add(this)) {
            queue = other;
        }
    }

    boolean armed() {
        return queue != null;
    }

    void cancel() {
        if (queue != null) {
            queue.remove(this);
            queue = null;
        }
    }

    void expire() {
        cancel();
        expired.run();
    }
}
