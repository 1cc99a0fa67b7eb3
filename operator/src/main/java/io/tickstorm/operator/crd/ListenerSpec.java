package io.tickstorm.operator.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Quantity;
import io.tickstorm.proxy.listener.Protocol;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A port that the proxies listen on. The limits and timeouts are the proxy's own words and go to it as they are. */
@ValidationRule(
        value = "self.port != 8081 && self.port != 8404 && self.port != 9090",
        message = "port: 8081, 8404 and 9090 are the proxy's own (probes, admin and metrics); choose another one")
@ValidationRule(
        value =
                "self.protocol == 'HTTP' || !(has(self.headerTimeout) || has(self.requestTimeout) || has(self.responseTimeout) || has(self.maxHeaderSize))",
        message =
                "headerTimeout, requestTimeout, responseTimeout and maxHeaderSize belong to protocol HTTP; remove them")
@ValidationRule(
        value = "self.protocol == 'TCP' || !has(self.splice)",
        message = "splice belongs to protocol TCP; remove it")
@ValidationRule(
        value =
                "!has(self.clients) || !(self.protocol == 'HTTP' ? has(self.clients.messageRate) || has(self.clients.messageBurst) : has(self.clients.requestRate) || has(self.clients.requestBurst))",
        message = "clients: requestRate and requestBurst belong to protocol HTTP, messageRate and messageBurst to TCP")
public record ListenerSpec(
        @JsonPropertyDescription(
                "Name of the listener, unique: at most 15 lower-case letters, digits and '-', with a letter among them.")
        @Required
        @Size(min = 1, max = 15)
        @Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")
        @ValidationRule(value = "self.matches('[a-z]')", message = "a listener's name needs a letter; rename it")
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
                "Where the traffic goes: a name or a number of spec.backend.ports. Left out: the port of the listener's name, or the only one.")
        @Nullable
        IntOrString backendPort,

        @JsonPropertyDescription("Connections that one proxy keeps at a time, 1 to 1000000. Left out: 15000.")
        @Min(1)
        @Max(1_000_000)
        @Nullable
        Integer maxConnections,

        @JsonPropertyDescription(
                "New connections in a second that one proxy takes, of all clients together; more are closed before a byte is read; 0 is no limit. Left out: 0.")
        @Min(0)
        @Max(100_000)
        @Nullable
        Integer maxConnectionRate,

        @JsonPropertyDescription(
                "How many of them may come at once after a pause; with maxConnectionRate only. Left out: the rate.")
        @Min(1)
        @Max(1_000_000)
        @Nullable
        Integer maxConnectionBurst,

        @JsonPropertyDescription(
                "How long a connection may be silent; 0s is for ever. Left out: 75s for HTTP, 60s for TCP.")
        @Pattern(Durations.PATTERN)
        @Size(max = 32)
        @Nullable
        String idleTimeout,

        @JsonPropertyDescription("HTTP: how long a request head may take to arrive. Left out: 10s.")
        @Pattern(Durations.PATTERN)
        @Size(max = 32)
        @Nullable
        String headerTimeout,

        @JsonPropertyDescription("HTTP: how long a whole request may take; 0s is for ever. Left out: 0s.")
        @Pattern(Durations.PATTERN)
        @Size(max = 32)
        @Nullable
        String requestTimeout,

        @JsonPropertyDescription("HTTP: how long a backend may take to its response head. Left out: 60s.")
        @Pattern(Durations.PATTERN)
        @Size(max = 32)
        @Nullable
        String responseTimeout,

        @JsonPropertyDescription("How long a connection to a backend may take. Left out: 1s.")
        @Pattern(Durations.PATTERN)
        @Size(max = 32)
        @Nullable
        String connectTimeout,

        @JsonPropertyDescription("HTTP: largest request head, a quantity of bytes. Left out: 16Ki.") @Nullable
        Quantity maxHeaderSize,

        @JsonPropertyDescription(
                "TCP: whether the kernel may move the bytes of a connection where they pour. Left out: true.")
        @Nullable
        Boolean splice,

        @JsonPropertyDescription(
                "What one client, an IPv4 address or a /64 of IPv6, may ask of one proxy. With service.externalTrafficPolicy: Cluster, proxies may see a node's address instead. Left out: all there is.")
        @Nullable
        Clients clients) {

    public ListenerSpec(
            String name,
            @Nullable Protocol protocol,
            Integer port,
            @Nullable Integer nodePort,
            @Nullable IntOrString backendPort,
            @Nullable Integer maxConnections,
            @Nullable Integer maxConnectionRate,
            @Nullable Integer maxConnectionBurst,
            @Nullable String idleTimeout,
            @Nullable String headerTimeout,
            @Nullable String requestTimeout,
            @Nullable String responseTimeout,
            @Nullable String connectTimeout,
            @Nullable Quantity maxHeaderSize,
            @Nullable Boolean splice,
            @Nullable Clients clients) {
        this.name = name;
        this.protocol = Objects.requireNonNullElse(protocol, Protocol.HTTP);
        this.port = port;
        this.nodePort = nodePort;
        this.backendPort = backendPort;
        this.maxConnections = maxConnections;
        this.maxConnectionRate = maxConnectionRate;
        this.maxConnectionBurst = maxConnectionBurst;
        this.idleTimeout = idleTimeout;
        this.headerTimeout = headerTimeout;
        this.requestTimeout = requestTimeout;
        this.responseTimeout = responseTimeout;
        this.connectTimeout = connectTimeout;
        this.maxHeaderSize = maxHeaderSize;
        this.splice = splice;
        this.clients = clients;
    }

    /** A listener with the proxy's own limits and timeouts. */
    public static ListenerSpec of(
            String name, Protocol protocol, int port, @Nullable Integer nodePort, String backendPort) {
        return new ListenerSpec(
                name,
                protocol,
                port,
                nodePort,
                new IntOrString(backendPort),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }
}
