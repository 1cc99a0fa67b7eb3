package io.tickstorm.operator.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How Kubernetes asks about a backend pod. */
public record Probes(
        @JsonPropertyDescription(
                "Asked every 2 s; a pod that fails it three times gets no new work. Left out: the port of the first listener accepts TCP"
                        + " connections.")
        @Nullable
        Probe readiness,

        @JsonPropertyDescription(
                "Asked every 10 s; a container that fails it three times is restarted. Left out: never restarted by a probe.")
        @Nullable
        Probe liveness) {

    public enum Type {
        HTTP,
        TCP
    }

    /** One question: an HTTP GET that must be answered with 200 to 399, or a TCP connection that must be accepted. */
    @ValidationRule(
            value = "self.type == 'HTTP' || !has(self.path)",
            message = "path belongs to type HTTP; remove it or set type: HTTP")
    public record Probe(
            @JsonPropertyDescription(
                    "HTTP: GET of the path must answer 200 to 399. TCP: the port must accept a connection.")
            @Default("TCP")
            Type type,

            @JsonPropertyDescription("Path that is asked for, beginning with '/'; with type HTTP only. Left out: /")
            @Pattern("^/.*$")
            @Size(max = 1024)
            @Nullable
            String path,

            @JsonPropertyDescription(
                    "Port that is asked: a name of spec.backend.ports or a number. Left out: the backend port of the first listener.")
            @Nullable
            IntOrString port) {

        public Probe(@Nullable Type type, @Nullable String path, @Nullable IntOrString port) {
            this.type = Objects.requireNonNullElse(type, Type.TCP);
            this.path = path;
            this.port = port;
        }
    }
}
