package io.tickstorm.proxy.admission;

import io.tickstorm.proxy.listener.Rate;
import io.tickstorm.proxy.time.Ticker;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A token bucket for each client, in memory that never grows. Any thread, without locks or allocation.
 *
 * <p>A bucket is one number, by the generic cell rate algorithm (ITU-T I.371): the time at which it would be full again.
 * A bucket whose time has passed says the same as none at all. So when a new client needs a place, the one that is full
 * or nearest to full goes: an honest client loses nothing by being forgotten, and a greedy one is forgotten last.
 *
 * <p>A client has its place in one of the {@value #WAYS} slots of its set, and never in two. As two threads may enter it
 * at once, an entry begins as a claim, on which nothing is counted; whoever finds a claim first looks through the set:
 *
 * <pre>
 *   empty or another client -- enter --> claim --+-- no other entry of the client ---------> bucket
 *                                                +-- a bucket, or a claim in a lower slot --> empty
 * </pre>
 *
 * Each thread looks after it has entered, so of two claims at least one meets the other.
 */
final class ClientBuckets {
    // One cache line. With half as many again of clients as slots, a full bucket is nearly always among eight.
    private static final int WAYS = 8;

    // | tag: 26 | bucket: 1 | time: 37 |
    // Tag and set are 39 bits of a hash for 65,536 clients: of 100,000 clients two share a bucket in one table of a
    // hundred.
    // Time is in 64ths of what one token takes, and compared by difference. It turns over after two billion tokens; who
    // then
    // comes back at the very moment finds its bucket as it left it, and waits for as long as that takes to fill.
    private static final int TIME_BITS = 37;
    private static final long TIME = (1L << TIME_BITS) - 1;
    private static final long BUCKET = 1L << TIME_BITS;
    private static final int TAG_SHIFT = TIME_BITS + 1;
    private static final long EMPTY = 0;
    private static final int UNUSED_BITS = Long.SIZE - TIME_BITS;

    private static final long TOKEN = 64;
    private static final long SECOND = 1_000_000_000;

    private final Ticker ticker;
    private final long seed;
    private final AtomicLongArray slots;
    private final long unitNanos;
    /** How far the time of a bucket may be ahead: then it is empty. */
    private final long empty;

    /**
     * @param clients how many it remembers; rounded up to a power of two, {@value #WAYS} at least
     * @param seed any number that clients do not know, so that nobody can choose whom to share a set with
     */
    ClientBuckets(int clients, Rate rate, Ticker ticker, long seed) {
        this.ticker = ticker;
        this.seed = seed;
        this.slots = new AtomicLongArray(Math.max(WAYS, Integer.highestOneBit(clients - 1) << 1));
        // Rounded up, by half a percent at the fastest rate: never more than was asked for.
        this.unitNanos = Math.ceilDiv(SECOND, rate.perSecond() * TOKEN);
        this.empty = TOKEN * rate.burst();
    }

    /** How many clients it remembers at most. */
    int capacity() {
        return slots.length();
    }

    /** Takes a token: 0 if there was one, otherwise the nanoseconds until there will be. */
    long tryTake(long client) {
        long hash = mix(mix(client ^ seed) + seed);
        int set = (int) hash & slots.length() - WAYS;
        long tag = Math.max(1, hash >>> TAG_SHIFT);
        while (true) {
            int slot = find(set, tag);
            if (slot < 0) {
                enter(set, tag);
                continue;
            }
            long entry = slots.get(slot);
            if (tag(entry) != tag) {
                continue;
            }
            if ((entry & BUCKET) == 0) {
                settle(set, slot, entry);
                continue;
            }
            // The clock is read after the entry: so what others have written is never ahead by more than a full bucket.
            long now = now();
            long used = used(entry, now);
            long missing = used + TOKEN - empty;
            if (missing > 0) {
                return missing * unitNanos;
            }
            if (slots.compareAndSet(slot, entry, bucket(tag, now + used + TOKEN))) {
                return 0;
            }
        }
    }

    private int find(int set, long tag) {
        for (int slot = set; slot < set + WAYS; slot++) {
            if (tag(slots.get(slot)) == tag) {
                return slot;
            }
        }
        return -1;
    }

    /** Puts a claim in the place of the fullest bucket, unless somebody else was faster. */
    private void enter(int set, long tag) {
        int fullest = set;
        long old = EMPTY;
        long least = Long.MAX_VALUE;
        for (int slot = set; slot < set + WAYS; slot++) {
            long entry = slots.get(slot);
            if (tag(entry) == tag) {
                return;
            }
            // A claim counts as full: one that lost against another is in nobody's way.
            long used = entry == EMPTY ? -1 : used(entry, now());
            if (used < least) {
                fullest = slot;
                old = entry;
                least = used;
            }
        }
        slots.compareAndSet(fullest, old, claim(tag, now()));
    }

    /** Makes a bucket of a claim, or takes it back. */
    private void settle(int set, int slot, long claim) {
        long tag = tag(claim);
        for (int other = set; other < set + WAYS; other++) {
            long entry = slots.get(other);
            if (other == slot || tag(entry) != tag) {
                continue;
            }
            if (other < slot || (entry & BUCKET) != 0) {
                slots.compareAndSet(slot, claim, EMPTY);
                return;
            }
            if (!slots.compareAndSet(other, entry, EMPTY)) {
                return;
            }
        }
        slots.compareAndSet(slot, claim, claim | BUCKET);
    }

    /** How much of a bucket is used up. */
    private long used(long entry, long now) {
        long ahead = (entry - now) << UNUSED_BITS >> UNUSED_BITS;
        // Further ahead than anybody can have written: the time has turned over since, and nothing is known.
        return ahead > empty ? 0 : Math.max(0, ahead);
    }

    private static long tag(long entry) {
        return entry >>> TAG_SHIFT;
    }

    private static long claim(long tag, long time) {
        return tag << TAG_SHIFT | time & TIME;
    }

    private static long bucket(long tag, long time) {
        return claim(tag, time) | BUCKET;
    }

    private long now() {
        return Math.floorDiv(ticker.nanos(), unitNanos);
    }

    /** The finalizer of MurmurHash3. */
    private static long mix(long value) {
        long mixed = (value ^ value >>> 33) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ mixed >>> 33;
    }
}
