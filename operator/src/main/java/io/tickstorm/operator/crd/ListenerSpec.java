package io.tickstorm.operator.crd;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.tickstorm.proxy.listener.Protocol;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A port that the proxies listen on.
 *
 * @param words the proxy's own, which go to it as they are: limits, timeouts, TLS, routes and all else that a listener can be told
 */
@ValidationRule(
        value = "self.port != 8081 && self.port != 8404 && self.port != 9090",
        message = "port: 8081, 8404 and 9090 are the proxy's own (probes, admin and metrics); choose another one")
public record ListenerSpec(
        @JsonPropertyDescription(
                "Name of the listener, unique: at most 15 lower-case letters, digits and '-', with a letter among them.")
        @Required
        @Size(min = 1, max = 15)
        @Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")
        @ValidationRule(value = "self.matches('[a-z]')", message = "a listener's name needs a letter; rename it")
        @ValidationRule(
                value = "!(self in ['health', 'admin', 'metrics'])",
                message = "health, admin and metrics are ports of the proxy's own; choose another name")
        String name,

        @JsonPropertyDescription("HTTP balances requests, TCP whole connections.") @Default("HTTP")
        Protocol protocol,

        @JsonPropertyDescription("Port of the proxies and of their Service.") @Required @Min(1) @Max(65535)
        Integer port,

        @JsonPropertyDescription(
                "Port on every node, 30000 to 32767. Left out: Kubernetes chooses a free one; the status says which.")
        @ValidationRule(
                value = "self >= 30000 && self <= 32767",
                message =
                        "nodePort: expected 30000 to 32767, which is what Kubernetes gives to Services; choose one of these or leave it out")
        @Nullable
        Integer nodePort,

        @JsonPropertyDescription(
                "Where the traffic goes: a name or a number of spec.backend.ports. In place of it, backend or backends may name any backend."
                        + " Left out, and without these: the port of the listener's name, or the only one; with routes, nothing, and what no route takes is answered with 404.")
        @Nullable
        IntOrString backendPort,

        @JsonAnySetter @JsonAnyGetter Map<String, Object> words) {

    public ListenerSpec(
            String name,
            @Nullable Protocol protocol,
            Integer port,
            @Nullable Integer nodePort,
            @Nullable IntOrString backendPort,
            @Nullable Map<String, Object> words) {
        this.name = name;
        this.protocol = Objects.requireNonNullElse(protocol, Protocol.HTTP);
        this.port = port;
        this.nodePort = nodePort;
        this.backendPort = backendPort;
        this.words = Words.of(words);
    }

    /** A listener with the proxy's own limits and timeouts. */
    public static ListenerSpec of(
            String name, Protocol protocol, int port, @Nullable Integer nodePort, String backendPort) {
        return new ListenerSpec(name, protocol, port, nodePort, new IntOrString(backendPort), null);
    }
}
