package io.tickstorm.operator.desired;

import io.tickstorm.operator.crd.TickStormCluster;

/**
 * A version of the backends that runs.
 *
 * @param replicas its pods; of the active one with an autoscaler, the number to begin with
 * @param weight percent of the traffic
 */
public record Track(Slot slot, Version version, int replicas, int weight) {
    /** The cluster as if this version were the wanted one. */
    TickStormCluster in(TickStormCluster cluster) {
        return version.in(cluster);
    }

    /** The release's images, with this version's own in place of the backend's. */
    Defaults in(Defaults defaults) {
        return new Defaults(defaults.proxyImage(), version.image(), defaults.imagePullPolicy());
    }
}
