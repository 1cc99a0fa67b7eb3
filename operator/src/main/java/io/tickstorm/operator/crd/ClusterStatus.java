package io.tickstorm.operator.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.tickstorm.proxy.listener.Protocol;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator says about a cluster. */
public record ClusterStatus(
        @JsonPropertyDescription("Generation of the resource that this status is about.")
        Long observedGeneration,

        @JsonPropertyDescription(
                "Ready (all is as the specification says), Available (requests are served), Progressing (a change is under way),"
                        + " Degraded (something is wrong; the message says what to do), Paused (the operator changes nothing),"
                        + " AutoscalingActive (the number of pods follows their load; the message says by what is measured, and what is not).")
        List<ClusterCondition> conditions,

        @JsonPropertyDescription("The backends as they are.") @Nullable
        Backends backend,

        @JsonPropertyDescription("The proxies as they are.") @Nullable
        Proxies loadBalancer,

        @JsonPropertyDescription("The versions of the backends, and what becomes of them.") @Nullable
        RolloutStatus rollout) {

    public ClusterStatus {
        conditions = List.copyOf(conditions);
    }

    /** Counts of the backend pods. */
    public record Backends(
            @JsonPropertyDescription("Pods there are.") Integer replicas,

            @JsonPropertyDescription("Pods that take traffic.")
            Integer readyReplicas,

            @JsonPropertyDescription("Pods that take traffic, of those there should be.")
            String ready,

            @JsonPropertyDescription("Label selector of the pods, for /scale.")
            String selector) {}

    /** Counts of the proxy pods, and where they answer. */
    public record Proxies(
            @JsonPropertyDescription("Pods there are.") Integer replicas,

            @JsonPropertyDescription("Pods that take traffic.")
            Integer readyReplicas,

            @JsonPropertyDescription("Pods that take traffic, of those there should be.")
            String ready,

            @JsonPropertyDescription(
                    "Pods that run by the configuration of this specification, of those that take traffic.")
            @Nullable
            String configured,

            @JsonPropertyDescription("Node ports by listener, in short.")
            String nodePorts,

            @JsonPropertyDescription("Where each listener answers.")
            List<Listening> listeners,

            @JsonPropertyDescription("Addresses and names that a load balancer in front has. Left out: none.")
            List<String> addresses) {

        public Proxies {
            listeners = List.copyOf(listeners);
            addresses = List.copyOf(addresses);
        }
    }

    /** A listener's ports. */
    public record Listening(
            @JsonPropertyDescription("Name of the listener.")
            String name,

            @JsonPropertyDescription("What is spoken on it.")
            Protocol protocol,

            @JsonPropertyDescription("Port of the Service.") Integer port,

            @JsonPropertyDescription("Port on every node. Left out: none.") @Nullable
            Integer nodePort) {}
}
