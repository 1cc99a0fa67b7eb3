package io.tickstorm.proxy.balance;

import io.tickstorm.proxy.endpoint.Upstream;

/** How loaded an upstream would be with one attempt more. Read by any thread, for each pick. */
@FunctionalInterface
interface Load {
    /**
     * Zero or more; only the order of loads means anything. Equal loads must be equal numbers: they are tied.
     *
     * @param now the time of the pick
     */
    double of(Upstream upstream, long now);

    /** Attempts in flight, relative to the share: one of weight 2 takes a second one before one of weight 1 does. */
    static double connections(Upstream upstream, long now) {
        return (upstream.inFlight() + 1) / upstream.share();
    }

    /**
     * How long the attempt would take, were it to wait for those in flight: the latency times their number and one. An
     * upstream that was never measured gets one attempt at once, by which it is; until that has ended it comes after all
     * that were.
     */
    static double latency(Upstream upstream, long now) {
        double cost = upstream.latency().at(now);
        int inFlight = upstream.inFlight();
        if (cost == 0) {
            return inFlight == 0 ? 0 : UNKNOWN * (inFlight + 1) / upstream.share();
        }
        return cost * (inFlight + 1) / upstream.share();
    }

    /** In nanoseconds: 32 hours, more than any that was measured. */
    double UNKNOWN = 1L << 47;
}
