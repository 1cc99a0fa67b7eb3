package io.tickstorm.proxy.admission;

import io.tickstorm.proxy.listener.Rate;
import io.tickstorm.proxy.time.Ticker;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** How fast a listener takes new connections, of all clients together. Any thread; {@link #change} on the control thread. */
public final class AcceptRate {
    /** All clients are one. */
    private static final long ALL = 0;

    private final Ticker ticker;
    private final LongAdder refused = new LongAdder();
    private volatile Rate rate;
    private volatile @Nullable ClientBuckets bucket;

    public AcceptRate(Rate rate, Ticker ticker) {
        this.ticker = ticker;
        this.rate = rate;
        this.bucket = bucket(rate);
    }

    /** Another rate, with the whole burst; the same one goes on as it is. */
    public void change(Rate changed) {
        if (!changed.equals(rate)) {
            rate = changed;
            bucket = bucket(changed);
        }
    }

    private @Nullable ClientBuckets bucket(Rate rate) {
        // Its seed is no secret: there is nobody to share a set with.
        return rate.limited() ? new ClientBuckets(1, rate, ticker, 0) : null;
    }

    /** Takes a connection; false if it is one too many for now. */
    public boolean tryAccept() {
        var now = bucket;
        if (now == null || now.tryTake(ALL) == 0) {
            return true;
        }
        refused.increment();
        return false;
    }

    /** Connections that came too fast. */
    public long refused() {
        return refused.sum();
    }
}
