package io.tickstorm.proxy.history;

/**
 * Something that was read every few seconds, at its last few readings. For one thread.
 *
 * @param <T> what is read; immutable
 */
final class Marks<T> {
    /** What is told of now reaches back to the oldest, so two to three steps. */
    private static final int KEPT = 3;

    private final Object[] values = new Object[KEPT];
    private final long[] nanos = new long[KEPT];
    private int newest;

    /** @param value what it was at that time, when nobody looked yet */
    Marks(T value, long at) {
        for (int i = 0; i < KEPT; i++) {
            values[i] = value;
            nanos[i] = at;
        }
    }

    void add(T value, long at) {
        newest = (newest + 1) % KEPT;
        values[newest] = value;
        nanos[newest] = at;
    }

    T newest() {
        return value(newest);
    }

    T oldest() {
        return value((newest + 1) % KEPT);
    }

    long oldestNanos() {
        return nanos[(newest + 1) % KEPT];
    }

    @SuppressWarnings("unchecked") // only values of T are put in
    private T value(int index) {
        return (T) values[index];
    }
}
