package io.tickstorm.proxy.endpoint;

/** What discovery says about an endpoint. One that is gone is absent from its {@link EndpointSet}. */
public enum Condition {
    /** Ready for new work. */
    ACTIVE,
    /** Terminating but still serving: finishes what it has, gets new work only if no endpoint is ACTIVE. */
    DRAINING,
    /** Named, but it does not serve: never gets work; what runs on it may finish. */
    NOT_READY
}
