package io.tickstorm.proxy.history;

/** The last ten minutes of one thing, a sample every two seconds. For one thread. */
final class Series {
    /** Ten minutes at {@link History#STEP}. */
    static final int LENGTH = 300;

    private static final int MILLIS = 1000;

    private final float[][] values = new float[Measure.values().length][LENGTH];
    private int next;
    private int size;

    void add(Rates rates, int inFlight, double errors) {
        put(Measure.REQUESTS, rates.requests());
        put(Measure.FAILURES, rates.failures());
        put(Measure.RETRIES, rates.retries());
        put(Measure.ERRORS, errors);
        put(Measure.P50, rates.p50() * MILLIS);
        put(Measure.P99, rates.p99() * MILLIS);
        put(Measure.IN_FLIGHT, inFlight);
        next = (next + 1) % LENGTH;
        size = Math.min(LENGTH, size + 1);
    }

    int size() {
        return size;
    }

    /** The oldest first. */
    float[] of(Measure measure) {
        var ordered = new float[size];
        for (int i = 0; i < size; i++) {
            ordered[i] = values[measure.ordinal()][(next - size + i + LENGTH) % LENGTH];
        }
        return ordered;
    }

    private void put(Measure measure, double value) {
        values[measure.ordinal()][next] = (float) value;
    }
}
