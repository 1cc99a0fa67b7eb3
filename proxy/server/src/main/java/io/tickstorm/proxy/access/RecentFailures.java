package io.tickstorm.proxy.access;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The last of what failed, in bounded memory. There is a ring for each {@link Termination.Side}: so a flood of refused
 * requests does not drive out the one failure of an upstream that somebody asks for. Any thread; no lock.
 */
public final class RecentFailures {
    /** For each side. An entry takes about 1 KiB with its texts, so all of them together at most about 1 MiB. */
    static final int EACH = 256;

    private final Map<Termination.Side, Ring> rings = new EnumMap<>(Termination.Side.class);

    public RecentFailures() {
        for (var side : Termination.Side.values()) {
            rings.put(side, new Ring(EACH));
        }
    }

    void add(Recorded recorded) {
        var ring = rings.get(recorded.entry().termination().side());
        if (ring != null) {
            ring.add(recorded);
        }
    }

    /** All that is kept, the latest first. */
    public List<Recorded> latest() {
        var all = new ArrayList<Recorded>();
        rings.values().forEach(ring -> ring.copyTo(all));
        all.sort(Comparator.comparing(Recorded::ended).reversed());
        return all;
    }

    private static final class Ring {
        private final AtomicReferenceArray<@Nullable Recorded> places;
        private final AtomicInteger next = new AtomicInteger();

        /** @param size a power of two, so that the position may overflow */
        Ring(int size) {
            places = new AtomicReferenceArray<>(size);
        }

        void add(Recorded recorded) {
            places.setRelease(next.getAndIncrement() & (places.length() - 1), recorded);
        }

        void copyTo(List<Recorded> all) {
            for (int i = 0; i < places.length(); i++) {
                var recorded = places.getAcquire(i);
                if (recorded != null) {
                    all.add(recorded);
                }
            }
        }
    }
}
