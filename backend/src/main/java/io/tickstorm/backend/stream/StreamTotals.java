package io.tickstorm.backend.stream;

import io.tickstorm.backend.protocol.ErrorCode;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What all sessions have done so far. Written by any event loop, read by any thread. */
public final class StreamTotals {
    final AtomicInteger active = new AtomicInteger();
    final AtomicInteger subscribed = new AtomicInteger();
    final LongAdder accepted = new LongAdder();
    final LongAdder framesReceived = new LongAdder();
    final LongAdder batchesSent = new LongAdder();
    final LongAdder batchesDropped = new LongAdder();
    private final Map<ErrorCode, LongAdder> errors = new EnumMap<>(ErrorCode.class);

    public StreamTotals() {
        for (var code : ErrorCode.values()) {
            errors.put(code, new LongAdder());
        }
    }

    /** Connections that are open now. */
    public int active() {
        return active.get();
    }

    /** Sessions that are subscribed now. */
    public int subscribed() {
        return subscribed.get();
    }

    public long accepted() {
        return accepted.sum();
    }

    public long framesReceived() {
        return framesReceived.sum();
    }

    public long batchesSent() {
        return batchesSent.sum();
    }

    /** Batches that a session missed because its client did not read fast enough. */
    public long batchesDropped() {
        return batchesDropped.sum();
    }

    public long errors(ErrorCode code) {
        return error(code).sum();
    }

    LongAdder error(ErrorCode code) {
        var adder = errors.get(code);
        if (adder == null) {
            throw new IllegalArgumentException("no error code: " + code);
        }
        return adder;
    }
}
