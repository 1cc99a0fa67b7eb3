package io.tickstorm.proxy.backend;

/** What asking for another attempt gives: the lease for it, or why there is none. */
public sealed interface Retry permits Lease, Retry.Denied {
    /** Why there is no other attempt. Asking again later makes sense for all but {@link #BY_RULE}. */
    enum Denied implements Retry {
        /** The rule says no: {@link io.tickstorm.proxy.retry.RetryPolicy#allows}; or there is no budget at all. */
        BY_RULE,
        /** The rule says yes, but as many retries run as may: one of them has to end first. */
        BY_BUDGET,
        /** There is no upstream at all. */
        NO_UPSTREAM
    }
}
