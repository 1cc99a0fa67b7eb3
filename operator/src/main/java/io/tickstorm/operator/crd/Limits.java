package io.tickstorm.operator.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** How much one proxy gives to one backend at once, in the proxy's words. */
public record Limits(
        @JsonPropertyDescription("Requests or TCP connections that run on one backend; 0 is no limit. Left out: 0.")
        @Min(0)
        @Max(1_000_000)
        @Nullable
        Integer requests,

        @JsonPropertyDescription("Connections open to one backend, idle ones included; 0 is no limit. Left out: 0.")
        @Min(0)
        @Max(1_000_000)
        @Nullable
        Integer connections,

        @JsonPropertyDescription("The line of what no backend has room for.") @Nullable
        Queue queue) {

    /** What waits, and for how long. */
    public record Queue(
            @JsonPropertyDescription(
                    "Requests and TCP connections that may wait; more are answered with 503, or reset. Left out: 1024.")
            @Min(0)
            @Max(1_000_000)
            @Nullable
            Integer size,

            @JsonPropertyDescription(
                    "How long one of them waits; then 503, or a reset; 0s is nobody waits. Left out: 1s.")
            @Pattern(Durations.PATTERN)
            @Size(max = 32)
            @Nullable
            String timeout) {}
}
