package io.tickstorm.proxy.time;

/** A monotonic clock; only differences of its readings mean anything. Safe for use by any thread. */
@FunctionalInterface
public interface Ticker {
    /** Nanoseconds since an arbitrary origin; may be negative, never goes back. Compare by subtraction. */
    long nanos();

    /** The clock of this machine. */
    static Ticker system() {
        return System::nanoTime;
    }
}
