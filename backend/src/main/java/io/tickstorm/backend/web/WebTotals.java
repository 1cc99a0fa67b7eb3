package io.tickstorm.backend.web;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** What the HTTP port has done so far. Written by any event loop, read by any thread. */
public final class WebTotals {
    final AtomicInteger active = new AtomicInteger();
    final LongAdder accepted = new LongAdder();
    final LongAdder requests = new LongAdder();
    private final LongAdder[] answersByClass =
            Stream.generate(LongAdder::new).limit(5).toArray(LongAdder[]::new);

    /** Connections that are open now. */
    public int active() {
        return active.get();
    }

    public long accepted() {
        return accepted.sum();
    }

    public long requests() {
        return requests.sum();
    }

    /** @param statusClass 1 for 1xx, to 5 */
    public long answers(int statusClass) {
        return answersByClass[statusClass - 1].sum();
    }

    void answered(int status) {
        answersByClass[Math.clamp(status / 100, 1, 5) - 1].increment();
    }
}
