package io.tickstorm.operator.desired;

import io.tickstorm.operator.crd.TickStormCluster;
import org.jspecify.annotations.Nullable;

/**
 * What objects depend on beside the resource. Pure data.
 *
 * @param defaults of the operator's release
 * @param surroundings what there is to work with
 * @param tracks the versions of the backends that run; null = only the one that the resource asks for
 */
public record Situation(
        Defaults defaults,
        Surroundings surroundings,
        @Nullable Tracks tracks) {
    /** With only the version that the resource asks for. */
    public Situation(Defaults defaults, Surroundings surroundings) {
        this(defaults, surroundings, null);
    }

    /** On plain Kubernetes. */
    public static Situation of(Defaults defaults) {
        return new Situation(defaults, Surroundings.NONE);
    }

    /** The versions of the backends that run. */
    Tracks tracks(TickStormCluster cluster) {
        return tracks == null ? Tracks.of(cluster, defaults) : tracks;
    }
}
