package io.tickstorm.operator.crd;

import static java.util.Objects.requireNonNullElse;
import static java.util.Objects.requireNonNullElseGet;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.kubernetes.api.model.IntOrString;
import org.jspecify.annotations.Nullable;

/** What keeps enough pods, of backends and of proxies alike, when nodes are drained or lost. */
public record AvailabilitySpec(
        @JsonPropertyDescription("How many pods may be evicted at a time, when nodes are drained.")
        DisruptionBudget disruptionBudget,

        @JsonPropertyDescription("How pods are spread over zones and nodes.")
        TopologySpread topologySpread) {

    public AvailabilitySpec(@Nullable DisruptionBudget disruptionBudget, @Nullable TopologySpread topologySpread) {
        this.disruptionBudget = requireNonNullElseGet(disruptionBudget, () -> new DisruptionBudget(null, null));
        this.topologySpread = requireNonNullElseGet(topologySpread, () -> new TopologySpread(null, null, null, null));
    }

    static AvailabilitySpec defaults() {
        return new AvailabilitySpec(null, null);
    }

    /** A PodDisruptionBudget for each component. Pods that are not ready may always be evicted. */
    public record DisruptionBudget(
            @JsonPropertyDescription("Whether evictions are held back at all.") @Default("true")
            Boolean enabled,

            @JsonPropertyDescription(
                    "How many pods of the backends, and of the proxies, may be away at a time: a number, or a share such as 25%. Left out: 1.")
            IntOrString maxUnavailable) {

        public DisruptionBudget(@Nullable Boolean enabled, @Nullable IntOrString maxUnavailable) {
            this.enabled = requireNonNullElse(enabled, true);
            this.maxUnavailable = requireNonNullElseGet(maxUnavailable, () -> new IntOrString(1));
        }
    }

    /** Topology spread constraints of both components. */
    public record TopologySpread(
            @JsonPropertyDescription("Whether pods are spread.") @Default("true")
            Boolean enabled,

            @JsonPropertyDescription("How many pods more one zone may have than another.")
            @Default("1")
            @Min(1)
            @Max(1000)
            Integer zoneMaxSkew,

            @JsonPropertyDescription("How many pods more one node may have than another.")
            @Default("1")
            @Min(1)
            @Max(1000)
            Integer nodeMaxSkew,

            @JsonPropertyDescription(
                    "What becomes of a pod that would make it uneven. ScheduleAnyway: it runs all the same. DoNotSchedule: it waits for room in the right place.")
            @Default("ScheduleAnyway")
            WhenUnsatisfiable whenUnsatisfiable) {

        public TopologySpread(
                @Nullable Boolean enabled,
                @Nullable Integer zoneMaxSkew,
                @Nullable Integer nodeMaxSkew,
                @Nullable WhenUnsatisfiable whenUnsatisfiable) {
            this.enabled = requireNonNullElse(enabled, true);
            this.zoneMaxSkew = requireNonNullElse(zoneMaxSkew, 1);
            this.nodeMaxSkew = requireNonNullElse(nodeMaxSkew, 1);
            this.whenUnsatisfiable = requireNonNullElse(whenUnsatisfiable, WhenUnsatisfiable.SCHEDULE_ANYWAY);
        }
    }

    public enum WhenUnsatisfiable {
        @JsonProperty("ScheduleAnyway")
        SCHEDULE_ANYWAY("ScheduleAnyway"),
        @JsonProperty("DoNotSchedule")
        DO_NOT_SCHEDULE("DoNotSchedule");

        private final String word;

        WhenUnsatisfiable(String word) {
            this.word = word;
        }

        /** As a constraint's {@code whenUnsatisfiable} says it. */
        public String word() {
            return word;
        }
    }
}
