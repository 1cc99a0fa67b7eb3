package io.tickstorm.operator.rollout;

import io.tickstorm.operator.crd.RolloutSpec;
import io.tickstorm.operator.desired.Slot;
import io.tickstorm.operator.desired.Version;
import io.tickstorm.operator.telemetry.Measured;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is seen and wanted of the backends of a cluster at one time.
 *
 * @param wanted the version that the resource asks for
 * @param replicas pods that the version with all the traffic should have: the resource's number, or as many as the autoscaler has given it
 * @param pods of the slots that have any
 * @param proxies how many run by the configuration that the memory asks for
 * @param window what was measured in the present step; null = nothing yet
 */
public record Facts(
        Version wanted,
        RolloutSpec rollout,
        int replicas,
        Map<Slot, Pods> pods,
        Proxies proxies,
        @Nullable Window window) {

    public Facts {
        pods = Map.copyOf(pods);
    }

    /**
     * Pods of a slot.
     *
     * @param revision the version that its Deployment has been told, and that those counted as available have
     * @param available that have been ready for a moment
     */
    public record Pods(String revision, int available) {}

    /**
     * Proxies that are ready.
     *
     * @param without names of those that do not run by the configuration, or do not answer
     */
    public record Proxies(int all, List<String> without) {
        public Proxies {
            without = List.copyOf(without);
        }

        /** Whether each of them runs by it. No proxy at all acknowledges nothing. */
        boolean acknowledged() {
            return all > 0 && without.isEmpty();
        }

        /** For people. */
        String words() {
            return (all - without.size()) + "/" + all;
        }
    }

    /** What the proxies measured of both versions since a time. */
    public record Window(Instant since, Measured trial, Measured stable) {}

    int available(Slot slot, Version version) {
        var seen = pods.get(slot);
        return seen == null || !seen.revision().equals(version.revision()) ? 0 : seen.available();
    }
}
