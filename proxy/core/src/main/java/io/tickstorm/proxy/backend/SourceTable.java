package io.tickstorm.proxy.backend;

import io.tickstorm.proxy.balance.Chooser;
import io.tickstorm.proxy.time.Ticker;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Where each source belongs, for a while after it was last seen. Any thread; no lock.
 *
 * <p>A table of fixed size: a source may stand in any of the {@value #WAYS} slots of its set, and a new one takes the slot
 * of the longest silent one there when all are taken. Two threads that bring the same new source at once may each give it a
 * slot; it is then found in the first of the two, and the other one falls silent.
 */
final class SourceTable {
    // Sources fall into sets by chance. With twice the slots, a set of eight has four on average: of as many sources as
    // are to be remembered, one in 120 is lost (the mean of what a Poisson variable of mean 4 has above 8, divided by
    // 4),
    // and is placed anew when it comes again.
    private static final int WAYS = 8;
    private static final int SLOTS_PER_SOURCE = 2;

    private final AtomicReferenceArray<@Nullable Entry> slots;
    private final int sets;
    private final long timeoutNanos;
    private final Ticker ticker;

    SourceTable(StickinessSettings.SourceIp settings, Ticker ticker) {
        this.sets = Math.ceilDiv(settings.size() * SLOTS_PER_SOURCE, WAYS);
        this.slots = new AtomicReferenceArray<>(sets * WAYS);
        this.timeoutNanos = settings.timeout().toNanos();
        this.ticker = ticker;
    }

    /** Where this source belongs; null if that is not known or was too long ago. */
    @Nullable
    Member get(long key) {
        long now = ticker.nanos();
        var entry = find(key);
        return entry == null || entry.silent(now) > timeoutNanos ? null : entry.home;
    }

    /** The source was seen, and belongs there. */
    void put(long key, Member home) {
        if (key == Chooser.NO_KEY) {
            return;
        }
        long now = ticker.nanos();
        var known = find(key);
        if (known != null && known.home == home) {
            known.seen = now;
            return;
        }
        var fresh = new Entry(key, home, now);
        int slot = slot(key, now);
        var before = slots.get(slot);
        // Who loses this race to another source is not remembered this time.
        slots.compareAndSet(slot, before, fresh);
    }

    private @Nullable Entry find(long key) {
        int first = first(key);
        for (int i = first; i < first + WAYS; i++) {
            var entry = slots.get(i);
            if (entry != null && entry.key == key) {
                return entry;
            }
        }
        return null;
    }

    /** Its own slot, else a free one, else that of the longest silent one. */
    private int slot(long key, long now) {
        int first = first(key);
        int best = first;
        long longest = -1;
        for (int i = first; i < first + WAYS; i++) {
            var entry = slots.get(i);
            if (entry != null && entry.key == key) {
                return i;
            }
            long silent = entry == null ? Long.MAX_VALUE : entry.silent(now);
            if (silent > longest) {
                longest = silent;
                best = i;
            }
        }
        return best;
    }

    /** Keys are well mixed: see {@link io.tickstorm.proxy.balance.HashKey}. */
    private int first(long key) {
        return (int) Math.unsignedMultiplyHigh(key, sets) * WAYS;
    }

    private static final class Entry {
        final long key;
        final Member home;
        volatile long seen;

        Entry(long key, Member home, long now) {
            this.key = key;
            this.home = home;
            this.seen = now;
        }

        /** Nanoseconds. Another thread may have seen it after this one read the clock. */
        long silent(long now) {
            return Math.max(0, now - seen);
        }
    }
}
