package io.tickstorm.proxy.sim;

import io.tickstorm.proxy.time.Ticker;
import io.tickstorm.proxy.time.Timers;
import java.time.Duration;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** A clock that jumps from one event to the next. It begins at zero. */
final class VirtualTime implements Ticker, Timers {
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long now;
    private long count;

    @Override
    public long nanos() {
        return now;
    }

    @Override
    public Timer after(Duration delay, Runnable task) {
        var event = in(delay.toNanos(), task);
        return () -> event.task = null;
    }

    /** @param nanos zero or more */
    Event in(long nanos, Runnable task) {
        var event = new Event(now + nanos, count++, task);
        events.add(event);
        return event;
    }

    /** Runs what falls due until then, in its order; those of one instant in the order in which they were set. */
    void run(Duration end) {
        for (var next = events.peek(); next != null && next.at <= end.toNanos(); next = events.peek()) {
            events.remove();
            now = next.at;
            var task = next.task;
            if (task != null) {
                task.run();
            }
        }
        now = end.toNanos();
    }

    static final class Event implements Comparable<Event> {
        private final long at;
        private final long number;
        /** Null if it was cancelled. */
        private @Nullable Runnable task;

        private Event(long at, long number, Runnable task) {
            this.at = at;
            this.number = number;
            this.task = task;
        }

        @Override
        public int compareTo(Event other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(number, other.number);
        }
    }
}
