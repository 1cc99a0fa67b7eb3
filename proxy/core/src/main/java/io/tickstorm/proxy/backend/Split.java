package io.tickstorm.proxy.backend;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Several backends that share what comes in, by weight. A share whose backend has no live endpoint goes to the others, by
 * their weights; if none has any, to those that stand by, by theirs; only if none of these has any either, all keep theirs,
 * and what comes in waits or fails there. Any thread; no lock, and no allocation while the same ones live.
 */
public final class Split {
    // A bit for each backend in the set of those that live.
    private static final int MOST = Long.SIZE;

    private final List<Share> shares;
    private final long regular;
    private final long standby;
    private volatile Turns turns;

    /**
     * @param weight relative to the others, 0..1,000,000; 0 = nothing, whatever becomes of the others
     * @param standby whether it gets nothing while one that does not stand by has a live endpoint
     */
    public record Share(Backend backend, int weight, boolean standby) {
        public Share(Backend backend, int weight) {
            this(backend, weight, false);
        }
    }

    /**
     * @param shares at least one of a weight above 0 that does not stand by
     * @throws IllegalArgumentException if there is none, or more than 64
     */
    public Split(List<Share> shares) {
        this.shares = List.copyOf(shares);
        this.regular = weighted(this.shares, false);
        this.standby = weighted(this.shares, true);
        if (regular == 0 || shares.size() > MOST) {
            throw new IllegalArgumentException("shares: " + shares + " (expected: up to " + MOST
                    + ", one of a weight above 0 that does not stand by)");
        }
        this.turns = new Turns(this.shares, regular);
    }

    /** All of it to one. */
    public static Split to(Backend backend) {
        return new Split(List.of(new Share(backend, 1)));
    }

    private static long weighted(List<Share> shares, boolean standby) {
        long bits = 0;
        for (int i = 0; i < shares.size(); i++) {
            var share = shares.get(i);
            bits |= share.weight() > 0 && share.standby() == standby ? 1L << i : 0;
        }
        return bits;
    }

    /** All that share. */
    public List<Backend> backends() {
        return shares.stream().map(Share::backend).toList();
    }

    /** Who gets the next request or connection. */
    public Backend pick() {
        if (shares.size() == 1) {
            return shares.getFirst().backend();
        }
        long among = among();
        var now = turns;
        if (now.among() != among) {
            now = new Turns(shares, among);
            turns = now;
        }
        return shares.get(now.next()).backend();
    }

    private long among() {
        long live = 0;
        for (int i = 0; i < shares.size(); i++) {
            live |= shares.get(i).backend().live() ? 1L << i : 0;
        }
        if ((live & regular) != 0) {
            return live & regular;
        }
        return (live & standby) != 0 ? live & standby : regular;
    }

    /**
     * Whose turn it is among some of them. The weights lie side by side on a ring; each turn goes on by a step that has no
     * divisor in common with its length, so that a full round of turns meets each point once: the shares of a round are
     * exactly the weights. A step near the golden section spreads them evenly within it (Knuth, The Art of Computer
     * Programming, volume 3, section 6.4).
     */
    private static final class Turns {
        private static final double GOLDEN_SECTION = (Math.sqrt(5) - 1) / 2;

        private final long among;
        private final long[] ends;
        private final long step;
        private final AtomicLong turn = new AtomicLong();

        Turns(List<Share> shares, long among) {
            this.among = among;
            this.ends = new long[shares.size()];
            long sum = 0;
            for (int i = 0; i < ends.length; i++) {
                sum += (among >>> i & 1) == 0 ? 0 : shares.get(i).weight();
                ends[i] = sum;
            }
            this.step = step(sum);
        }

        long among() {
            return among;
        }

        int next() {
            long round = ends[ends.length - 1];
            // At most 64 million to the second: never beyond a long.
            long point = Math.floorMod(turn.getAndIncrement(), round) * step % round;
            int i = 0;
            while (ends[i] <= point) {
                i++;
            }
            return i;
        }

        private static long step(long round) {
            long step = Math.max(1, Math.round(round * GOLDEN_SECTION));
            while (divisor(step, round) != 1) {
                step++;
            }
            return step;
        }

        private static long divisor(long one, long other) {
            return other == 0 ? one : divisor(other, one % other);
        }
    }
}
