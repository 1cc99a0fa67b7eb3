package io.tickstorm.proxy.backend;

/** A request that waits in the line of a backend. */
@FunctionalInterface
public interface Waiter {
    /**
     * Its turn has come. On the thread of whoever made room, which may be within {@link Backend#await} itself: hop to your
     * own thread, and end the lease if the request has left meanwhile.
     */
    void granted(Lease lease);
}
