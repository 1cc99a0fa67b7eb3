package io.tickstorm.proxy.tls;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Handshakes of a listener since its start. Any thread. */
public final class HandshakeCounters {
    private final LongAdder full = new LongAdder();
    private final LongAdder resumed = new LongAdder();
    private final Map<HandshakeFailure, LongAdder> failed = new EnumMap<>(HandshakeFailure.class);

    HandshakeCounters() {
        for (var reason : HandshakeFailure.values()) {
            failed.put(reason, new LongAdder());
        }
    }

    void done(boolean resumption) {
        (resumption ? resumed : full).increment();
    }

    void failed(HandshakeFailure reason) {
        adder(reason).increment();
    }

    /** Complete ones, with the costly part. */
    public long full() {
        return full.sum();
    }

    /** Complete ones that went on from an earlier one; with the JDK's engine they are counted as full. */
    public long resumed() {
        return resumed.sum();
    }

    public long failures(HandshakeFailure reason) {
        return adder(reason).sum();
    }

    private LongAdder adder(HandshakeFailure reason) {
        var adder = failed.get(reason);
        if (adder == null) {
            throw new AssertionError(reason);
        }
        return adder;
    }
}
