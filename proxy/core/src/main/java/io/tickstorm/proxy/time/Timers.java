package io.tickstorm.proxy.time;

import java.time.Duration;

/**
 * Runs tasks later. Safe for use by any thread; what happened before {@link #after} is visible to the task.
 *
 * <p>Tasks are short and never block: an implementation may run them on an event loop.
 */
@FunctionalInterface
public interface Timers {
    /**
     * Runs a task once, after a delay.
     *
     * @param delay zero or more; with zero the task runs soon, not within this call
     */
    Timer after(Duration delay, Runnable task);

    /** A task that waits for its time. */
    @FunctionalInterface
    interface Timer {
        /** Keeps the task from running if it has not begun; otherwise does nothing. May be called more than once. */
        void cancel();
    }
}
