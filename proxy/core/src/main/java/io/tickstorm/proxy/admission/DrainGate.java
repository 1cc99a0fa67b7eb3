package io.tickstorm.proxy.admission;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts what runs and knows when the last of it has ended: open, then draining, then closed; never back.
 *
 * <p>While draining, work is still let in: whoever does it announces the close. Once closed nothing is let in. Any thread;
 * phase and count are one number, so nothing can slip in between "closed" and "empty".
 */
public final class DrainGate {
    /** Where the gate is in its life. */
    public enum Phase {
        OPEN,
        DRAINING,
        CLOSED
    }

    // The low bits count, these two say the phase.
    private static final long DRAINING = 1L << 62;
    private static final long CLOSED = 1L << 61;
    private static final long COUNT = CLOSED - 1;

    private final AtomicLong state = new AtomicLong();
    private final ConcurrentLinkedQueue<Runnable> waiting = new ConcurrentLinkedQueue<>();

    /** Lets one piece of work in; false if closed. Whoever got true calls {@link #exit} once. */
    public boolean enter() {
        long now;
        do {
            now = state.get();
            if ((now & CLOSED) != 0) {
                return false;
            }
        } while (!state.compareAndSet(now, now + 1));
        return true;
    }

    /** A piece of work has ended. */
    public void exit() {
        long now;
        do {
            now = state.get();
            if ((now & COUNT) == 0) {
                throw new IllegalStateException("exit without enter");
            }
        } while (!state.compareAndSet(now, now - 1));
        if (empty(now - 1)) {
            tell();
        }
    }

    /** From open to draining; otherwise does nothing. */
    public void beginDrain() {
        state.getAndUpdate(now -> (now & CLOSED) != 0 ? now : now | DRAINING);
    }

    /** Lets nothing in any more. */
    public void close() {
        if (empty(state.updateAndGet(now -> now & ~DRAINING | CLOSED))) {
            tell();
        }
    }

    public Phase phase() {
        long now = state.get();
        return (now & CLOSED) != 0 ? Phase.CLOSED : (now & DRAINING) != 0 ? Phase.DRAINING : Phase.OPEN;
    }

    /** How much runs now. */
    public long running() {
        return state.get() & COUNT;
    }

    /**
     * Runs a task once, as soon as the gate is closed and nothing runs: within this call if that is so already, otherwise
     * on the thread that closes it or ends the last piece of work.
     */
    public void whenEmpty(Runnable task) {
        waiting.add(task);
        // Looked at after the task was added: whoever empties the gate in between sees it, or we do, and poll() gives
        // it
        // to one of us.
        if (empty(state.get())) {
            tell();
        }
    }

    private static boolean empty(long now) {
        return (now & CLOSED) != 0 && (now & COUNT) == 0;
    }

    private void tell() {
        for (var task = waiting.poll(); task != null; task = waiting.poll()) {
            task.run();
        }
    }
}
