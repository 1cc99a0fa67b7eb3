package io.tickstorm.operator.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** When a backend that keeps failing is left alone, in the proxy's words. */
public record CircuitBreaker(
        @JsonPropertyDescription("Failures in a row that open the circuit; 0 is never. Left out: 5.")
        @Min(0)
        @Max(10_000)
        @Nullable
        Integer consecutiveFailures,

        @JsonPropertyDescription("How long it is open at first; doubled each time it opens again. Left out: 10s.")
        @Pattern(Durations.PATTERN)
        @Size(max = 32)
        @Nullable
        String openFor,

        @JsonPropertyDescription("How long it is open at most. Left out: 5m.")
        @Pattern(Durations.PATTERN)
        @Size(max = 32)
        @Nullable
        String maxOpenFor) {}
