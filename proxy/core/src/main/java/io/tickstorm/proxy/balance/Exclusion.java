package io.tickstorm.proxy.balance;

import io.tickstorm.proxy.endpoint.Upstream;

/** Upstreams that this attempt must not get, for example because it was there before. */
@FunctionalInterface
public interface Exclusion {
    Exclusion NONE = upstream -> false;

    boolean excludes(Upstream upstream);
}
