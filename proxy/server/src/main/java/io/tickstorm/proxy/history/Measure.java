package io.tickstorm.proxy.history;

/** What is kept of each sample: rates for each second, latencies in milliseconds (NaN = nothing was answered). */
public enum Measure {
    REQUESTS,
    FAILURES,
    RETRIES,
    /** What clients saw; kept for all backends together only, for a listener may have several. */
    ERRORS,
    P50,
    P99,
    IN_FLIGHT
}
