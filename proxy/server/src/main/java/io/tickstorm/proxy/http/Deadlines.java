package io.tickstorm.proxy.http;

import io.netty.channel.EventLoop;
import io.tickstorm.proxy.time.Ticker;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of one event loop. All waits of the same length stand in one queue, so that the first of it is the next to
 * expire and both arming and calling off are a few stores; a timer task for each of several deadlines of a request would cost
 * more than the request's parsing. They expire up to {@link #TICK} late.
 */
final class Deadlines {
    /** Deadlines are seconds; a tenth of one does not matter to any of them. */
    private static final Duration TICK = Duration.ofMillis(100);

    private final EventLoop loop;
    private final Ticker ticker;
    private final Map<Duration, Queue> queues = new HashMap<>();
    private boolean ticking;

    Deadlines(EventLoop loop, Ticker ticker) {
        this.loop = loop;
        this.ticker = ticker;
    }

    /** The queue for waits of this length; zero = never. There are as many as the configuration has different durations. */
    Queue queue(Duration length) {
        return queues.computeIfAbsent(length, key -> new Queue(key.toNanos()));
    }

    private void tick() {
        ticking = false;
        long now = ticker.nanos();
        boolean waiting = false;
        for (var queue : queues.values().toArray(Queue[]::new)) {
            queue.expire(now);
            waiting |= queue.first != null;
        }
        if (waiting) {
            keepTicking();
        }
    }

    private void keepTicking() {
        if (!ticking) {
            ticking = true;
            loop.schedule(this::tick, TICK.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** Waits of one length, the oldest first. */
    final class Queue {
        private final long nanos;
        private @Nullable Deadline first;
        private @Nullable Deadline last;

        Queue(long nanos) {
            this.nanos = nanos;
        }

        /** False if this queue waits for ever. */
        boolean add(Deadline deadline) {
            if (nanos == 0) {
                return false;
            }
            deadline.at = ticker.nanos() + nanos;
            deadline.previous = last;
            deadline.next = null;
            if (last == null) {
                first = deadline;
            } else {
                last.next = deadline;
            }
            last = deadline;
            keepTicking();
            return true;
        }

        void remove(Deadline deadline) {
            if (deadline.previous == null) {
                first = deadline.next;
            } else {
                deadline.previous.next = deadline.next;
            }
            if (deadline.next == null) {
                last = deadline.previous;
            } else {
                deadline.next.previous = deadline.previous;
            }
            deadline.previous = null;
            deadline.next = null;
        }

        private void expire(long now) {
            for (var oldest = first; oldest != null && oldest.at - now <= 0; oldest = first) {
                oldest.expire();
            }
        }
    }
}
