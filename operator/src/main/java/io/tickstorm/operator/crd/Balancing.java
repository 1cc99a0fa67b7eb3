package io.tickstorm.operator.crd;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** The choice of an upstream, in the proxy's words. */
public record Balancing(
        @JsonPropertyDescription(
                "LeastConnections takes the backend with the fewest requests in flight, RoundRobin one after the other,"
                        + " PowerOfTwoChoices the less loaded of two drawn at random, PeakEwma the one that would answer"
                        + " first, Random any, ConsistentHash the same one for the same key, SourceIpHash for the same"
                        + " client address. Left out: LeastConnections.")
        @Nullable
        Policy policy,

        @JsonPropertyDescription("What ConsistentHash and SourceIpHash choose by; with those only.") @Nullable
        Hash hash,

        @JsonPropertyDescription("How a backend that is new, or back, comes up to its share.") @Nullable
        SlowStart slowStart,

        @JsonPropertyDescription(
                "Percent of the backends that must be healthy; below it all of them get work, 0 is only when none is"
                        + " healthy. Left out: 50.")
        @Min(0)
        @Max(100)
        @Nullable
        Integer panicThreshold,

        @JsonPropertyDescription("Whether backends that Kubernetes hints to other zones are left out. Left out: true.")
        @Nullable
        Boolean zoneHints) {

    public enum Policy {
        @JsonProperty("LeastConnections")
        LEAST_CONNECTIONS,
        @JsonProperty("RoundRobin")
        ROUND_ROBIN,
        @JsonProperty("PowerOfTwoChoices")
        POWER_OF_TWO_CHOICES,
        @JsonProperty("PeakEwma")
        PEAK_EWMA,
        @JsonProperty("Random")
        RANDOM,
        @JsonProperty("ConsistentHash")
        CONSISTENT_HASH,
        @JsonProperty("SourceIpHash")
        SOURCE_IP_HASH
    }

    /** The key of a request, and how far one key may unbalance. */
    public record Hash(
            @JsonPropertyDescription("Where the key comes from. Left out: ClientIp.") @Nullable
            By by,

            @JsonPropertyDescription("The name of the header or the cookie; with those only.")
            @Size(min = 1, max = 255)
            @Nullable
            String name,

            @JsonPropertyDescription(
                    "The most that one backend may have in flight before its keys go elsewhere, in percent of its fair"
                            + " share. Left out: 150.")
            @Min(100)
            @Max(1000)
            @Nullable
            Integer balanceFactor) {}

    public enum By {
        @JsonProperty("ClientIp")
        CLIENT_IP,
        @JsonProperty("Header")
        HEADER,
        @JsonProperty("Cookie")
        COOKIE
    }

    /** From a part of the share to all of it. */
    public record SlowStart(
            @JsonPropertyDescription("Until it has all of its share; 0s is at once. Left out: 30s.")
            @Pattern(Durations.PATTERN)
            @Size(max = 32)
            @Nullable
            String window,

            @JsonPropertyDescription("What it begins with, in percent of its share. Left out: 10.")
            @Min(1)
            @Max(100)
            @Nullable
            Integer minimum) {}
}
