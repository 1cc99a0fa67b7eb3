package io.tickstorm.proxy;

import io.tickstorm.process.ScalingSettings;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the environment says, as opposed to the configuration, which may be the same for all replicas.
 *
 * @param zone the topology zone, from ZONE; null = not said
 * @param scaling from AUTOSCALING_*
 */
public record Environment(@Nullable String zone, ScalingSettings scaling) {
    /** Nothing. */
    public static final Environment NONE = new Environment(null, ScalingSettings.DEFAULT);

    /** @throws IllegalArgumentException with one line for each variable that is wrong */
    public static Environment of(Map<String, String> variables) {
        var zone = variables.getOrDefault("ZONE", "").strip();
        return new Environment(zone.isEmpty() ? null : zone, ScalingSettings.of(variables));
    }
}
