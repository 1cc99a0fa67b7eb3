package io.tickstorm.proxy.history;

import java.util.Arrays;

/**
 * Something that was read again and again, at its last few readings. For one thread.
 *
 * @param <T> what is read; immutable
 */
final class Marks<T> {
    private final Object[] values;
    private final long[] nanos;
    private int newest;

    /**
     * @param kept how many; what is told of now reaches back to the oldest, so by one step less to as many
     * @param value what it was at that time, when nobody looked yet
     */
    Marks(int kept, T value, long at) {
        values = new Object[kept];
        nanos = new long[kept];
        Arrays.fill(values, value);
        Arrays.fill(nanos, at);
    }

    void add(T value, long at) {
        newest = (newest + 1) % values.length;
        values[newest] = value;
        nanos[newest] = at;
    }

    T newest() {
        return value(newest);
    }

    T oldest() {
        return value((newest + 1) % values.length);
    }

    long oldestNanos() {
        return nanos[(newest + 1) % nanos.length];
    }

    @SuppressWarnings("unchecked") // only values of T are put in
    private T value(int index) {
        return (T) values[index];
    }
}
