package io.tickstorm.proxy.balance;

import io.tickstorm.proxy.endpoint.Upstream;
import java.util.Arrays;

/**
 * A ring of consistent hashing (Karger and others, "Consistent Hashing and Random Trees", 1997): every upstream has points on
 * it, and a key belongs to the first point at or after it. What an upstream that leaves had goes to all others, and nothing
 * else moves. Immutable.
 *
 * <p>The ring is cut into cells of one size, and all keys of a cell belong to the first point at or after its beginning. So
 * finding an owner is one look into a table that the nearer caches hold, for a thousand upstreams as for three. The table takes
 * 128 KiB however few they are, and among so many that each has few cells, shares differ more than its points alone would
 * have it.
 *
 * <p>Of what one could use here, rendezvous hashing looks at every upstream for each key; Maglev's table has more even shares,
 * but all of it is filled anew with each change, and then some keys move that need not; jump hashing can lose only the last one.
 */
final class Ring {
    /**
     * Points of an upstream of mean weight. Its share of the keys is off by 1/sqrt(128) = 9 percent, as a standard deviation;
     * the bound on the load evens that out where it matters.
     */
    static final int POINTS = 128;

    /**
     * 65,536 cells. Which of them an upstream gets is chance, too: of a thousand each has 66, and its share is off by
     * sqrt(1/128 + 1/66) = 15 percent. The number is fixed, since keys would move were it to follow that of the upstreams.
     */
    private static final int BITS = 16;

    private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;
    private static final int NOBODY = -1;

    /** By the highest bits of a key: the position of the upstream. */
    private final char[] owners = new char[1 << BITS];

    /** @param upstreams one at least; those after as many as there are cells own nothing */
    Ring(Upstream[] upstreams) {
        var first = firstOfEach(upstreams);
        int next = NOBODY;
        // The second time round, those before the first point know the one behind the end.
        for (int i = 2 * owners.length - 1; i >= 0; i--) {
            int cell = i % owners.length;
            next = first[cell] == NOBODY ? next : first[cell];
            owners[cell] = (char) next;
        }
    }

    /** The position of the upstream that a key belongs to. */
    int owner(long key) {
        return owners[cell(key)];
    }

    private static int cell(long hash) {
        return (int) (hash >>> Long.SIZE - BITS);
    }

    /** By cell: the position of the upstream whose point is the first one in it, or nobody. */
    private int[] firstOfEach(Upstream[] upstreams) {
        double mean = Arrays.stream(upstreams)
                .mapToInt(upstream -> upstream.endpoint().weight())
                .average()
                .orElseThrow();
        var positions = new int[owners.length];
        Arrays.fill(positions, NOBODY);
        var points = new long[owners.length];
        for (int i = 0; i < Math.min(upstreams.length, owners.length); i++) {
            long count = Math.max(1, Math.round(POINTS * upstreams[i].endpoint().weight() / mean));
            // The address tells upstreams apart, and every proxy knows them by the same one.
            long seed = HashKey.of(upstreams[i].id().address());
            for (long k = 1; k <= count; k++) {
                long point = HashKey.mix(seed + k * GOLDEN);
                int cell = cell(point);
                // Within a cell the upper bits are equal: the others say which one is first.
                if (positions[cell] == NOBODY || Long.compareUnsigned(point, points[cell]) < 0) {
                    positions[cell] = i;
                    points[cell] = point;
                }
            }
        }
        return positions;
    }
}
