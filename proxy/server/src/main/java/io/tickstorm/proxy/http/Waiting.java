package io.tickstorm.proxy.http;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/** Requests of one event loop that wait for an upstream to appear, in the order they came. */
final class Waiting {
    /** How often we look: far below what a client notices, and one look for all of them. */
    private static final Duration INTERVAL = Duration.ofMillis(20);

    private final EventLoop loop;
    private final ArrayDeque<Exchange> exchanges = new ArrayDeque<>();

    Waiting(EventLoop loop) {
        this.loop = loop;
    }

    void add(Exchange exchange) {
        exchanges.addLast(exchange);
        if (exchanges.size() == 1) {
            schedule();
        }
    }

    private void schedule() {
        loop.schedule(this::look, INTERVAL.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void look() {
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
