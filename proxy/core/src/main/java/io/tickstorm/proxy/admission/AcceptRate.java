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
    private volatile @Nullable ClientBuckets bucket;

    public AcceptRate(Rate rate, Ticker ticker) {
        this.ticker = ticker;
        change(rate);
    }

    /** A new rate; what was used up of the burst stays used up. */
    public void change(Rate rate) {
        var before = bucket;
        if (!rate.limited()) {
            bucket = null;
        } else if (before == null) {
            // Its seed is no secret: there is nobody to share a set with.
            bucket = new ClientBuckets(1, rate, ticker, 0);
        } else {
            before.rate(rate);
        }
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
