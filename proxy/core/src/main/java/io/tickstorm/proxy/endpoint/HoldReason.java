package io.tickstorm.proxy.endpoint;

/** Why an upstream gets no new work. Several may apply at once. */
public enum HoldReason {
    /** Discovery says that it does not serve: not up yet, or not any more. */
    NOT_READY,
    /** Its active check failed. */
    FAILED_CHECK,
    /** It did worse than its peers, or fell silent; or it is back on probation with one request. */
    EJECTED,
    /** It is terminating, or somebody drains it by hand. */
    DRAINING,
    /** Its circuit breaker is open, or probing with the one request it allows. */
    CIRCUIT_OPEN,
    /** A connection to it could not be made, a moment ago. */
    UNREACHABLE;

    int bit() {
        return 1 << ordinal();
    }
}
