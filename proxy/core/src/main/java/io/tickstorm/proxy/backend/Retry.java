package io.tickstorm.proxy.backend;

/**
 * What asking for another attempt gives: the lease for it, or why there is none. Whoever may wait goes on with {@link
 * Backend#await}, unless it is {@link Denied#BY_RULE}.
 */
public sealed interface Retry permits Lease, Retry.Denied {
    /** Why there is no other attempt. */
    enum Denied implements Retry {
        /** The rule says no: {@link io.tickstorm.proxy.retry.RetryPolicy#allows}; or there is no budget at all. */
        BY_RULE,
        /** The rule says yes, but as many retries run as may: one of them has to end first. */
        BY_BUDGET,
        /** There is no upstream at all, or all are full, or others wait already. */
        NO_UPSTREAM
    }
}
