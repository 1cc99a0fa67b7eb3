package io.tickstorm.operator.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** An active check of every backend by every proxy, in the proxy's words. */
public record HealthCheck(
        @JsonPropertyDescription(
                "HTTP: GET of the path must answer 200 to 399. TCP: the port must accept a connection. Left out: HTTP.")
        @Nullable
        Type type,

        @JsonPropertyDescription("Path that is asked for; with type HTTP only. Left out: /ready")
        @Pattern("^/.*$")
        @Size(max = 1024)
        @Nullable
        String path,

        @JsonPropertyDescription("Number of the port that is asked. Left out: the port that the traffic goes to.")
        @Min(1)
        @Max(65535)
        @Nullable
        Integer port,

        @JsonPropertyDescription("Status of a good answer, or a range of them; with type HTTP only. Left out: 200-399.")
        @Pattern("^[1-5][0-9]{2}(-[1-5][0-9]{2})?$")
        @Size(max = 7)
        @Nullable
        String expectedStatus,

        @JsonPropertyDescription("Time between two checks of one backend. Left out: 3s.")
        @Pattern(Durations.PATTERN)
        @Size(max = 32)
        @Nullable
        String interval,

        @JsonPropertyDescription("How long an answer may take. Left out: 3s.")
        @Pattern(Durations.PATTERN)
        @Size(max = 32)
        @Nullable
        String timeout,

        @JsonPropertyDescription("Good answers in a row until a backend gets traffic again. Left out: 2.")
        @Min(1)
        @Max(100)
        @Nullable
        Integer rise,

        @JsonPropertyDescription("Bad answers in a row until a backend gets no traffic. Left out: 2.")
        @Min(1)
        @Max(100)
        @Nullable
        Integer fall) {

    public enum Type {
        HTTP,
        TCP
    }
}
