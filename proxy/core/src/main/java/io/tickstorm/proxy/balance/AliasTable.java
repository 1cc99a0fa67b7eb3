package io.tickstorm.proxy.balance;

import io.tickstorm.proxy.endpoint.Upstream;
import java.util.random.RandomGenerator;

/**
 * Draws positions at random, as often as their weights say, in the same time for any number of them (Walker, "An Efficient
 * Method for Generating Discrete Random Variables with General Distributions", 1977; built in linear time as Vose has it,
 * 1991). Immutable.
 *
 * <p>Think of a cell for each position, all of one size. A position of more weight than that fills the rest of cells whose own
 * does not; each cell then holds two at most, and one draw says which cell and which of the two.
 */
final class AliasTable {
    /** By cell: the share of its own position, as a point on 0..2^32. */
    private final long[] limits;
    /** By cell: who has the rest. */
    private final int[] aliases;

    AliasTable(Upstream[] upstreams) {
        int count = upstreams.length;
        limits = new long[count];
        aliases = new int[count];
        double sum = 0;
        for (var upstream : upstreams) {
            sum += upstream.endpoint().weight();
        }
        var filled = new double[count];
        var small = new int[count];
        var large = new int[count];
        int smalls = 0;
        int larges = 0;
        for (int i = 0; i < count; i++) {
            aliases[i] = i;
            filled[i] = upstreams[i].endpoint().weight() * count / sum;
            if (filled[i] < 1) {
                small[smalls++] = i;
            } else {
                large[larges++] = i;
            }
        }
        while (smalls > 0 && larges > 0) {
            int giver = large[larges - 1];
            int taker = small[--smalls];
            aliases[taker] = giver;
            filled[giver] -= 1 - filled[taker];
            if (filled[giver] < 1) {
                larges--;
                small[smalls++] = giver;
            }
        }
        // What is left is full but for rounding, and its alias is itself.
        for (int i = 0; i < count; i++) {
            limits[i] = (long) (filled[i] * (1L << Integer.SIZE));
        }
    }

    /** There must be a position. */
    int next(RandomGenerator random) {
        long bits = random.nextLong();
        // The upper half says which cell (Lemire's multiplication instead of a remainder), the lower half which of the
        // two.
        int cell = (int) ((bits >>> Integer.SIZE) * limits.length >>> Integer.SIZE);
        return (bits & 0xFFFF_FFFFL) < limits[cell] ? cell : aliases[cell];
    }
}
