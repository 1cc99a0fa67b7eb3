package io.tickstorm.operator.crd;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** The choice of an upstream, in the proxy's words. */
public record Balancing(
        @JsonPropertyDescription(
                "LeastConnections takes the backend with the fewest requests in flight, RoundRobin one after the other."
                        + " Left out: LeastConnections.")
        @Nullable
        Policy policy) {

    public enum Policy {
        @JsonProperty("LeastConnections")
        LEAST_CONNECTIONS,
        @JsonProperty("RoundRobin")
        ROUND_ROBIN
    }
}
