package io.tickstorm.proxy.balance;

/**
 * Weights laid side by side on a line. Immutable.
 *
 * <p>To find the one under a point takes the same time for any number of them: a table says for each of at least as many parts
 * of the line where it begins, and on average the search goes on for less than one step (Chen, Asau, "On Generating Random
 * Variates from an Empirical Distribution", 1974).
 */
final class WeightLine {
    private final long[] ends;
    /** By the highest bits of a point: the first position that it may be under. */
    private final int[] starts;

    private final int shift;

    /** @param weights two at least, each one or more */
    WeightLine(int[] weights) {
        ends = new long[weights.length];
        long sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i];
            ends[i] = sum;
        }
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(weights.length);
        shift = Long.SIZE - bits;
        starts = new int[1 << bits];
        for (int i = 1; i < starts.length; i++) {
            starts[i] = from(starts[i - 1], (long) i << shift);
        }
    }

    /** @param point where on the line, as a fraction of 2^64 */
    int under(long point) {
        return from(starts[(int) (point >>> shift)], point);
    }

    private int from(int position, long point) {
        long place = Math.unsignedMultiplyHigh(point, ends[ends.length - 1]);
        while (place >= ends[position]) {
            position++;
        }
        return position;
    }
}
