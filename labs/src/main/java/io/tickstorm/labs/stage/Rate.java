package io.tickstorm.labs.stage;

/** Turns a count that only grows into how much it grew a second since it was last told. One thread. */
public final class Rate {
    private double lastSeconds;
    private double lastCount;

    /** @param count what it is at the beginning */
    public Rate(double count) {
        lastCount = count;
    }

    /** What it grew by, for each second since the last call. */
    public double at(double seconds, double count) {
        double rate = seconds > lastSeconds ? (count - lastCount) / (seconds - lastSeconds) : 0;
        lastSeconds = seconds;
        lastCount = count;
        return rate;
    }
}
