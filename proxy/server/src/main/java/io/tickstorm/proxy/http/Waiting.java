package io.tickstorm.proxy.http;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/** Requests of one event loop that wait for an upstream to appear, or for the budget to pay for a retry; oldest first. */
final class Waiting {
    /**
     * How often we look: far below what a client notices, and one look for all of them. What ends on this loop wakes them
     * sooner. New upstreams, and retries that end on other loops, do not: being told of these would take a registration with
     * the backend for each loop, and a queue across threads, for the sake of these few milliseconds.
     */
    private static final Duration INTERVAL = Duration.ofMillis(20);

    private final EventLoop loop;
    private final ArrayDeque<Exchange> exchanges = new ArrayDeque<>();
    private boolean scheduled;
    private boolean woken;

    Waiting(EventLoop loop) {
        this.loop = loop;
    }

    void add(Exchange exchange) {
        exchanges.addLast(exchange);
        schedule();
    }

    /** An attempt has ended on this loop, so that the budget may pay for another. Costs nothing while nobody waits. */
    void wake() {
        if (!exchanges.isEmpty() && !woken) {
            woken = true;
            // Not at once: whoever ended that attempt is in the middle of it.
            loop.execute(this::lookFirst);
        }
    }

    private void schedule() {
        if (!scheduled) {
            scheduled = true;
            loop.schedule(this::look, INTERVAL.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** Looks as far as it leads somewhere: this comes with every attempt that ends, so it must not go through all. */
    private void lookFirst() {
        woken = false;
        for (var first = exchanges.peekFirst(); first != null && first.tryAgain(); first = exchanges.peekFirst()) {
            exchanges.removeFirst();
        }
    }

    private void look() {
        scheduled = false;
        for (int left = exchanges.size(); left > 0; left--) {
            var exchange = exchanges.pollFirst();
            if (exchange != null && !exchange.tryAgain()) {
                exchanges.addLast(exchange);
            }
        }
        if (!exchanges.isEmpty()) {
            schedule();
        }
    }
}
