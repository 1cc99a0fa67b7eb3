package io.tickstorm.operator.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** When a backend that does worse than the others, or that falls silent, is taken out, in the proxy's words. */
public record OutlierEjection(
        @JsonPropertyDescription(
                "How often backends are compared, by the attempts that ended since; 0s is never. Left out: 10s.")
        @Pattern(Durations.PATTERN)
        @Size(max = 32)
        @Nullable
        String interval,

        @JsonPropertyDescription(
                "Attempts that a backend, and the others together, must have ended in an interval to be compared. Left out: 20.")
        @Min(1)
        @Max(1_000_000)
        @Nullable
        Integer minimumRequests,

        @JsonPropertyDescription(
                "How many percentage points more of its attempts must have failed than of the others. Left out: 10.")
        @Min(1)
        @Max(100)
        @Nullable
        Integer failurePercent,

        @JsonPropertyDescription(
                "How long it is out the first time; n times as long the n-th time in a row. Left out: 10s.")
        @Pattern(Durations.PATTERN)
        @Size(max = 32)
        @Nullable
        String baseTime,

        @JsonPropertyDescription("How long it is out at most, no less than baseTime. Left out: 5m.")
        @Pattern(Durations.PATTERN)
        @Size(max = 32)
        @Nullable
        String maxTime,

        @JsonPropertyDescription(
                "Percent of the backends that may be out at once; one of two or more always may, the last never. Left out: 50.")
        @Min(0)
        @Max(100)
        @Nullable
        Integer maxPercent,

        @JsonPropertyDescription(
                "For how long nothing is heard of a backend, while answers are awaited, until it is out at once; 0s is no matter how long. Left out: 1s.")
        @Pattern(Durations.PATTERN)
        @Size(max = 32)
        @Nullable
        String silence) {}
