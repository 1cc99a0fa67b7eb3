package io.tickstorm.proxy.time;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * A clock that stands still until a test advances it, and the timers that go with it.
 *
 * <p>Any thread may set and cancel timers; tasks run on the thread that advances, in the order of their times, those of
 * one instant in the order in which they were set. A task sees the time it was set for.
 */
public final class ManualTime implements Ticker, Timers {
    private final PriorityQueue<Waiting> waiting =
            new PriorityQueue<>(Comparator.comparingLong(Waiting::at).thenComparingLong(Waiting::number));
    private long now;
    private long timersSet;

    @Override
    public synchronized long nanos() {
        return now;
    }

    @Override
    public synchronized Timer after(Duration delay, Runnable task) {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("delay: " + delay + " (expected: zero or more)");
        }
        var timer = new Waiting(now + delay.toNanos(), timersSet++, task);
        waiting.add(timer);
        return () -> cancel(timer);
    }

    /** Lets time pass and runs what falls due on the way, including what those tasks set. */
    public void advance(Duration duration) {
        long end = nanos() + duration.toNanos();
        for (var due = next(end); due != null; due = next(end)) {
            due.task().run();
        }
    }

    /** How many timers wait: 0 shows that nothing polls any more. */
    public synchronized int pending() {
        return waiting.size();
    }

    private synchronized void cancel(Waiting timer) {
        waiting.remove(timer);
    }

    private synchronized @Nullable Waiting next(long end) {
        var first = waiting.peek();
        if (first == null || first.at() > end) {
            now = end;
            return null;
        }
        waiting.remove();
        now = Math.max(now, first.at());
        return first;
    }

    private record Waiting(long at, long number, Runnable task) {}
}
