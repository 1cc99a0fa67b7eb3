package io.tickstorm.proxy.balance;

import io.tickstorm.proxy.endpoint.Upstream;

/** How loaded an upstream would be with one attempt more. Read by any thread, for each pick. */
@FunctionalInterface
interface Load {
    /** Zero or more; only the order of loads means anything. Equal loads must be equal numbers: they are tied. */
    double of(Upstream upstream);

    /** Attempts in flight, relative to the weight: one of weight 2 takes a second one before one of weight 1 does. */
    static double connections(Upstream upstream) {
        return (upstream.inFlight() + 1.0) / upstream.endpoint().weight();
    }
}
