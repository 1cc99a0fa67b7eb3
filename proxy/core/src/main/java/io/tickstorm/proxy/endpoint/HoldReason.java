package io.tickstorm.proxy.endpoint;

/** Why an upstream gets no new work. Several may apply at once. */
public enum HoldReason {
    /** Its active check failed. */
    FAILED_CHECK,
    /** It is terminating. */
    DRAINING,
    /** Its circuit breaker is open, or probing with the one request it allows. */
    CIRCUIT_OPEN,
    /** A connection to it could not be made, a moment ago. */
    UNREACHABLE;

    int bit() {
        return 1 << ordinal();
    }
}
