package io.tickstorm.operator.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which pods are numbered by their load. */
public record AutoscalingSpec(
        @JsonPropertyDescription("Autoscaling of the backends. Left out: none.") @Nullable
        Scaling backend,

        @JsonPropertyDescription("Autoscaling of the proxies. Left out: none.") @Nullable
        Scaling loadBalancer) {

    static AutoscalingSpec defaults() {
        return new AutoscalingSpec(null, null);
    }

    /** A HorizontalPodAutoscaler in short. */
    @ValidationRule(
            value = "self.minReplicas <= self.maxReplicas",
            message = "minReplicas is above maxReplicas; lower minReplicas or raise maxReplicas")
    public record Scaling(
            @JsonPropertyDescription("Whether the number of pods follows their load.") @Default("true")
            Boolean enabled,

            @JsonPropertyDescription("Fewest pods.") @Default("2") @Min(1) @Max(1000)
            Integer minReplicas,

            @JsonPropertyDescription("Most pods.") @Default("10") @Min(1) @Max(1000)
            Integer maxReplicas,

            @JsonPropertyDescription("Mean processor use to keep, in percent of what the pods request.")
            @Default("70")
            @Min(1)
            @Max(1000)
            Integer cpu,

            @JsonPropertyDescription("Mean memory use to keep, in percent of what the pods request.")
            @Default("80")
            @Min(1)
            @Max(1000)
            Integer memory) {

        public Scaling(
                @Nullable Boolean enabled,
                @Nullable Integer minReplicas,
                @Nullable Integer maxReplicas,
                @Nullable Integer cpu,
                @Nullable Integer memory) {
            this.enabled = Objects.requireNonNullElse(enabled, true);
            this.minReplicas = Objects.requireNonNullElse(minReplicas, 2);
            this.maxReplicas = Objects.requireNonNullElse(maxReplicas, 10);
            this.cpu = Objects.requireNonNullElse(cpu, 70);
            this.memory = Objects.requireNonNullElse(memory, 80);
        }
    }
}
