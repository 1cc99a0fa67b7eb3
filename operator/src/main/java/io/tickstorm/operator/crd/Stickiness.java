package io.tickstorm.operator.crd;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/**
 * How a client comes back to the backend it was at before, in the proxy's words. Without the proxy's {@code Cookie}: that is signed with a secret, which the pods
 * would have to mount.
 */
public record Stickiness(
        @JsonPropertyDescription(
                "SourceIp goes by the client's address, remembered in each proxy alone; with service.externalTrafficPolicy: Cluster that may be a node's. The proxy's Cookie is not to be had here, since it needs a mounted secret.")
        @Required
        Type type,

        @JsonPropertyDescription("How long an address is remembered that nothing came from. Left out: 30m.")
        @Pattern(Durations.PATTERN)
        @Size(max = 32)
        @Nullable
        String timeout,

        @JsonPropertyDescription(
                "Addresses that are remembered; the longest silent ones are forgotten first. Left out: 65536.")
        @Min(16)
        @Max(16_777_216)
        @Nullable
        Integer size) {

    public enum Type {
        @JsonProperty("SourceIp")
        SOURCE_IP
    }
}
