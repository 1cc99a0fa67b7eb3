package io.tickstorm.operator.crd;

import static java.util.Objects.requireNonNullElse;
import static java.util.Objects.requireNonNullElseGet;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Which pods are numbered by their load. */
public record AutoscalingSpec(
        @JsonPropertyDescription("Autoscaling of the backends. Left out: none.") @Nullable
        Scaling backend,

        @JsonPropertyDescription("Autoscaling of the proxies. Left out: none.") @Nullable
        Scaling loadBalancer) {

    private static final String WINDOW_RULE = "duration(self) <= duration('1h')";
    private static final String WINDOW_MESSAGE = "a window of an autoscaler lasts at most 1h; shorten it";

    static AutoscalingSpec defaults() {
        return new AutoscalingSpec(null, null);
    }

    /** A HorizontalPodAutoscaler in short. */
    @ValidationRule(
            value = "self.minReplicas <= self.maxReplicas",
            message = "minReplicas is above maxReplicas; lower minReplicas or raise maxReplicas")
    @ValidationRule(
            value =
                    "!self.enabled || self.cpu > 0 || self.memory > 0 || !has(self.connections) || self.connections > 0",
            message =
                    "nothing is measured; give one of cpu, memory and connections more than 0, or set enabled to false")
    public record Scaling(
            @JsonPropertyDescription("Whether the number of pods follows their load.") @Default("true")
            Boolean enabled,

            @JsonPropertyDescription("Fewest pods.") @Default("2") @Min(1) @Max(1000)
            Integer minReplicas,

            @JsonPropertyDescription("Most pods.") @Default("10") @Min(1) @Max(1000)
            Integer maxReplicas,

            @JsonPropertyDescription(
                    "Mean processor use to keep, in percent of what the pods request; 0 does not look at it.")
            @Default("70")
            @Min(0)
            @Max(1000)
            Integer cpu,

            @JsonPropertyDescription(
                    "Mean memory use to keep, in percent of what the pods request; 0 does not look at it.")
            @Default("80")
            @Min(0)
            @Max(1000)
            Integer memory,

            @JsonPropertyDescription(
                    "Mean number of connections to keep for each pod, by the metric tick_storm_active_connections: of a proxy its open client"
                            + " connections, of a backend the requests and TCP connections that all proxies together have running on it; 0 does not look at it."
                            + " Left out: 80000 while the operator serves that metric, else it is not looked at.")
            @Min(0)
            @Max(Integer.MAX_VALUE)
            @Nullable
            Integer connections,

            @JsonPropertyDescription("How fast pods are added.")
            Growth scaleUp,

            @JsonPropertyDescription("How fast pods are taken away.")
            Decline scaleDown) {

        /** Connections of a pod to keep where the resource does not say. */
        public static final int CONNECTIONS = 80_000;

        public Scaling(
                @Nullable Boolean enabled,
                @Nullable Integer minReplicas,
                @Nullable Integer maxReplicas,
                @Nullable Integer cpu,
                @Nullable Integer memory,
                @Nullable Integer connections,
                @Nullable Growth scaleUp,
                @Nullable Decline scaleDown) {
            this.enabled = requireNonNullElse(enabled, true);
            this.minReplicas = requireNonNullElse(minReplicas, 2);
            this.maxReplicas = requireNonNullElse(maxReplicas, 10);
            this.cpu = requireNonNullElse(cpu, 70);
            this.memory = requireNonNullElse(memory, 80);
            this.connections = connections;
            this.scaleUp = requireNonNullElseGet(scaleUp, () -> new Growth(null, null));
            this.scaleDown = requireNonNullElseGet(scaleDown, () -> new Decline(null, null));
        }
    }

    /** Adding pods. */
    public record Growth(
            @JsonPropertyDescription(
                    "Most pods that one minute adds, in percent of those there are, rounded up; 0 adds none.")
            @Default("50")
            @Min(0)
            @Max(1000)
            Integer percent,

            @JsonPropertyDescription(
                    "How long the load must have asked for more pods before any are added. Such as 60s.")
            @Default("60s")
            @Pattern(Durations.PATTERN)
            @Size(max = 32)
            @ValidationRule(value = WINDOW_RULE, message = WINDOW_MESSAGE)
            String window) {

        public Growth(@Nullable Integer percent, @Nullable String window) {
            this.percent = requireNonNullElse(percent, 50);
            this.window = requireNonNullElse(window, "60s");
        }
    }

    /** Taking pods away. */
    public record Decline(
            @JsonPropertyDescription(
                    "Most pods that one minute takes away, in percent of those there are, but at least one; 0 takes none.")
            @Default("10")
            @Min(0)
            @Max(100)
            Integer percent,

            @JsonPropertyDescription(
                    "How long the load must have been content with fewer pods before any are taken away. Such as 300s.")
            @Default("300s")
            @Pattern(Durations.PATTERN)
            @Size(max = 32)
            @ValidationRule(value = WINDOW_RULE, message = WINDOW_MESSAGE)
            String window) {

        public Decline(@Nullable Integer percent, @Nullable String window) {
            this.percent = requireNonNullElse(percent, 10);
            this.window = requireNonNullElse(window, "300s");
        }
    }
}
