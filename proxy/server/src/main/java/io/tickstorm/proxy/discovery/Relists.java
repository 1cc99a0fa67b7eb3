package io.tickstorm.proxy.discovery;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/** Counts by reason. Any thread. */
final class Relists {
    private final AtomicLongArray counts = new AtomicLongArray(Relist.values().length);

    void count(Relist reason) {
        counts.incrementAndGet(reason.ordinal());
    }

    Map<Relist, Long> snapshot() {
        var snapshot = new EnumMap<Relist, Long>(Relist.class);
        for (var reason : Relist.values()) {
            snapshot.put(reason, counts.get(reason.ordinal()));
        }
        return snapshot;
    }
}
