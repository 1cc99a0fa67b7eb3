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
                "HTTP: GET of the path must answer 200 to 399. TCP: the port must accept a connection, and say what"
                        + " expect has, if it is given. GRPC: grpc.health.v1.Health/Check, without TLS, must answer SERVING. Left out: HTTP.")
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

        @JsonPropertyDescription(
                "gRPC service that is asked for; with type GRPC only. Left out: the server as a whole.")
        @Pattern("^[!-~]*$")
        @Size(max = 255)
        @Nullable
        String service,

        @JsonPropertyDescription(
                "What is said first, up to 1024 bytes with \\r \\n \\t \\0 \\\\ and \\xHH; with type TCP and expect only. Left out: nothing.")
        @Size(min = 1, max = 4096)
        @Nullable
        String send,

        @JsonPropertyDescription(
                "What must be among the first 4096 bytes that come, up to 256 bytes written as send; with type TCP only. Left out: the connection is enough.")
        @Size(min = 1, max = 1024)
        @Nullable
        String expect,

        @JsonPropertyDescription("Time between two checks of one backend. Left out: 3s.")
        @Pattern(Durations.PATTERN)
        @Size(max = 32)
        @Nullable
        String interval,

        @JsonPropertyDescription(
                "Time to the next check after a result that speaks against the verdict, but does not change it yet. Left out: 1s, or the interval if that is shorter.")
        @Pattern(Durations.PATTERN)
        @Size(max = 32)
        @Nullable
        String fastInterval,

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
        TCP,
        GRPC
    }
}
