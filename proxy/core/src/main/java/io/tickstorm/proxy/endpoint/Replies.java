package io.tickstorm.proxy.endpoint;

import java.util.concurrent.atomic.LongAdder;

/** Whether answers of an upstream are awaited, and whether anything comes from it. Any thread. */
public final class Replies {
    private final LongAdder awaited = new LongAdder();
    private volatile boolean heard;

    Replies() {}

    /** For its lease: the upstream has got all it needs, an answer is awaited from now on. */
    public void await() {
        awaited.increment();
    }

    /** For its lease: an answer is not awaited any more. */
    public void settle() {
        awaited.decrement();
    }

    /** For its lease: something came from it. */
    public void heard() {
        if (!heard) {
            heard = true;
        }
    }

    /** Answers that are awaited now. Exact while nothing changes. */
    public long awaited() {
        return awaited.sum();
    }

    /** For its backend: whether something came from it since this was asked last. */
    public boolean heardSince() {
        boolean was = heard;
        heard = false;
        return was;
    }
}
