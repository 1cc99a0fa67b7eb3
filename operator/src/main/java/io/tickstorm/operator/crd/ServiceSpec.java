package io.tickstorm.operator.crd;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The Service in front of the proxies. */
@ValidationRule(
        value =
                "(has(self.type) && self.type == 'LoadBalancer')"
                        + " || !(has(self.cloud) || has(self.internal) || has(self.loadBalancerClass) || has(self.sourceRanges))",
        message =
                "cloud, internal, loadBalancerClass and sourceRanges belong to type LoadBalancer; remove them or set type: LoadBalancer")
@ValidationRule(
        value = "!has(self.internal) || has(self.cloud)",
        message =
                "internal is said in the words of a cloud; set cloud: AWS or cloud: Google, or use the annotation of your cloud")
public record ServiceSpec(
        @JsonPropertyDescription(
                "NodePort: a port of every node. LoadBalancer: an address from the cloud as well. ClusterIP: only from within the cluster.")
        @Default("NodePort")
        Type type,

        @JsonPropertyDescription(
                "Cluster: every node answers, with one hop more. Local: clients' addresses are seen, but only nodes with a proxy answer.")
        @Default("Cluster")
        TrafficPolicy externalTrafficPolicy,

        @JsonPropertyDescription(
                "Annotations of the Service, for the cloud's load balancer. They go before those that cloud and internal mean.")
        @Size(max = 64)
        Map<String, @Size(max = 32_768) String> annotations,

        @JsonPropertyDescription(
                "Whose load balancer it is, with type LoadBalancer. AWS: a Network Load Balancer of the AWS Load Balancer Controller, which sends to the pods and asks them for /ping."
                        + " Google: a passthrough Network Load Balancer of Google Kubernetes Engine. Left out: as the cloud decides by the annotations.")
        @Nullable
        Cloud cloud,

        @JsonPropertyDescription(
                "Whether the load balancer has an address of the private network instead of a public one; with cloud. Left out: false.")
        @Nullable
        Boolean internal,

        @JsonPropertyDescription(
                "Which of several controllers makes the load balancer, such as service.k8s.aws/nlb. Cannot be changed while there is one. Left out: the cloud's own.")
        @Size(min = 1, max = 253)
        @Nullable
        String loadBalancerClass,

        @JsonPropertyDescription(
                "Addresses that the load balancer lets in, as ranges such as 203.0.113.0/24. Left out: all.")
        @Size(max = 64)
        List<@Size(min = 3, max = 43) String> sourceRanges,

        @JsonPropertyDescription(
                "Families of the addresses: SingleStack, PreferDualStack (both where the cluster has both) or RequireDualStack. Left out: SingleStack.")
        @Nullable
        IpFamilyPolicy ipFamilyPolicy) {

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

    public enum Cloud {
        @JsonProperty("AWS")
        AWS("AWS"),
        @JsonProperty("Google")
        GOOGLE("Google");

        private final String word;

        Cloud(String word) {
            this.word = word;
        }

        /** As the resource says it. */
        public String word() {
            return word;
        }
    }

    public enum IpFamilyPolicy {
        @JsonProperty("SingleStack")
        SINGLE_STACK("SingleStack"),
        @JsonProperty("PreferDualStack")
        PREFER_DUAL_STACK("PreferDualStack"),
        @JsonProperty("RequireDualStack")
        REQUIRE_DUAL_STACK("RequireDualStack");

        private final String word;

        IpFamilyPolicy(String word) {
            this.word = word;
        }

        /** As a Service's {@code ipFamilyPolicy} says it. */
        public String word() {
            return word;
        }
    }

    public ServiceSpec(
            @Nullable Type type,
            @Nullable TrafficPolicy externalTrafficPolicy,
            @Nullable Map<String, String> annotations,
            @Nullable Cloud cloud,
            @Nullable Boolean internal,
            @Nullable String loadBalancerClass,
            @Nullable List<String> sourceRanges,
            @Nullable IpFamilyPolicy ipFamilyPolicy) {
        this.type = requireNonNullElse(type, Type.NODE_PORT);
        this.externalTrafficPolicy = requireNonNullElse(externalTrafficPolicy, TrafficPolicy.CLUSTER);
        this.annotations = annotations == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(annotations));
        this.cloud = cloud;
        this.internal = internal;
        this.loadBalancerClass = loadBalancerClass;
        this.sourceRanges = sourceRanges == null ? List.of() : List.copyOf(sourceRanges);
        this.ipFamilyPolicy = ipFamilyPolicy;
    }

    static ServiceSpec defaults() {
        return new ServiceSpec(null, null, null, null, null, null, null, null);
    }
}
