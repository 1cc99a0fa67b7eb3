package io.tickstorm.operator.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one client may ask of a listener, in the proxy's words: an IPv4 address, or a /64 of IPv6. */
public record Clients(
        @JsonPropertyDescription(
                "Connections open at once; more are closed before a byte is read; 0 is as many as it likes. Left out: 0.")
        @Min(0)
        @Max(1_000_000)
        @Nullable
        Integer connections,

        @JsonPropertyDescription(
                "New connections in a second; more are closed before a byte is read; 0 is no limit. Left out: 0.")
        @Min(0)
        @Max(100_000)
        @Nullable
        Integer connectionRate,

        @JsonPropertyDescription(
                "How many of them may come at once after a pause; with connectionRate only. Left out: the rate.")
        @Min(1)
        @Max(1_000_000)
        @Nullable
        Integer connectionBurst,

        @JsonPropertyDescription(
                "TCP: messages in a second, on all its connections, a message being what one read brings; one more resets its connection; 0 is no limit. Left out: 0.")
        @Min(0)
        @Max(100_000)
        @Nullable
        Integer messageRate,

        @JsonPropertyDescription(
                "TCP: how many of them may come at once after a pause; with messageRate only. Left out: the rate.")
        @Min(1)
        @Max(1_000_000)
        @Nullable
        Integer messageBurst,

        @JsonPropertyDescription("HTTP: requests in a second; more are answered with 429; 0 is no limit. Left out: 0.")
        @Min(0)
        @Max(100_000)
        @Nullable
        Integer requestRate,

        @JsonPropertyDescription(
                "HTTP: how many of them may come at once after a pause; with requestRate only. Left out: the rate.")
        @Min(1)
        @Max(1_000_000)
        @Nullable
        Integer requestBurst,

        @JsonPropertyDescription("How many clients each of these rates remembers, in 8 bytes each. Left out: 65536.")
        @Min(64)
        @Max(16_777_216)
        @Nullable
        Integer tracked,

        @JsonPropertyDescription("Who has none of these limits: address ranges such as 10.0.0.0/8. Left out: nobody.")
        @Size(max = 256)
        @Nullable
        List<@Pattern("^[0-9a-fA-F.:]+(/[0-9]{1,3})?$") @Size(max = 64) String> exempt) {

    public Clients {
        exempt = exempt == null ? null : List.copyOf(exempt);
    }
}
