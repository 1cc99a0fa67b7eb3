package io.tickstorm.operator.crd;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The Service in front of the proxies. */
public record ServiceSpec(
        @JsonPropertyDescription(
                "NodePort: a port of every node. LoadBalancer: an address from the cloud as well. ClusterIP: only from within the cluster.")
        @Default("NodePort")
        Type type,

        @JsonPropertyDescription(
                "Cluster: every node answers, with one hop more. Local: clients' addresses are seen, but only nodes with a proxy answer.")
        @Default("Cluster")
        TrafficPolicy externalTrafficPolicy,

        @JsonPropertyDescription("Annotations of the Service, for the cloud's load balancer.") @Size(max = 64)
        Map<String, String> annotations) {

    public enum Type {
        @JsonProperty("NodePort")
        NODE_PORT("NodePort"),
        @JsonProperty("LoadBalancer")
        LOAD_BALANCER("LoadBalancer"),
        @JsonProperty("ClusterIP")
        CLUSTER_IP("ClusterIP");

        private final String word;

        Type(String word) {
            this.word = word;
        }

        /** As a Service's {@code type} says it. */
        public String word() {
            return word;
        }
    }

    public enum TrafficPolicy {
        @JsonProperty("Cluster")
        CLUSTER("Cluster"),
        @JsonProperty("Local")
        LOCAL("Local");

        private final String word;

        TrafficPolicy(String word) {
            this.word = word;
        }

        /** As a Service's {@code externalTrafficPolicy} says it. */
        public String word() {
            return word;
        }
    }

    public ServiceSpec(
            @Nullable Type type,
            @Nullable TrafficPolicy externalTrafficPolicy,
            @Nullable Map<String, String> annotations) {
        this.type = requireNonNullElse(type, Type.NODE_PORT);
        this.externalTrafficPolicy = requireNonNullElse(externalTrafficPolicy, TrafficPolicy.CLUSTER);
        this.annotations = annotations == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(annotations));
    }

    static ServiceSpec defaults() {
        return new ServiceSpec(null, null, null);
    }
}
