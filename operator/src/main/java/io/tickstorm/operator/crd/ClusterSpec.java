package io.tickstorm.operator.crd;

import static java.util.Objects.requireNonNullElseGet;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** The whole of what a user may say about a cluster. */
@ValidationRule(
        value =
                "!has(self.loadBalancer) || !has(self.loadBalancer.backends) || self.loadBalancer.backends.all(one, has(one.discovery) != ("
                        + ClusterSpec.A_PORT + "))",
        message =
                "loadBalancer.backends: one that is named as a port of spec.backend has no discovery, and any other one needs it; add or remove it, or choose another name")
@ValidationRule(
        value =
                "!has(self.loadBalancer) || !has(self.loadBalancer.listeners) || self.loadBalancer.listeners.map(listener, has(listener.backend), {'name': listener.backend}).all(one, "
                        + ClusterSpec.A_PORT
                        + " || (has(self.loadBalancer.backends) && self.loadBalancer.backends.exists(other, other.name == one.name)))",
        message =
                "loadBalancer.listeners[].backend: there is no backend of this name; name a port of spec.backend, or one of loadBalancer.backends")
public record ClusterSpec(
        @JsonPropertyDescription("The servers that traffic is balanced over. Left out: three reference backends.")
        BackendSpec backend,

        @JsonPropertyDescription(
                "The proxies in front of the backends. Left out: two proxies with HTTP on node port 30081"
                        + " and, for a backend port named tcp, TCP on node port 30080.")
        LoadBalancerSpec loadBalancer,

        @JsonPropertyDescription(
                "Lets the number of pods follow their load. Left out: the numbers stay as the replicas fields say.")
        AutoscalingSpec autoscaling,

        @JsonPropertyDescription("What keeps enough pods when nodes are drained or lost.")
        AvailabilitySpec availability,

        @JsonPropertyDescription(
                "Who may reach the pods. Left out: everybody reaches the ports that the proxies listen on, and backends as if there were no policy.")
        NetworkPolicySpec networkPolicy,

        @JsonPropertyDescription("Objects for the Prometheus operator, where it is installed.")
        MonitoringSpec monitoring) {

    public ClusterSpec(
            @Nullable BackendSpec backend,
            @Nullable LoadBalancerSpec loadBalancer,
            @Nullable AutoscalingSpec autoscaling,
            @Nullable AvailabilitySpec availability,
            @Nullable NetworkPolicySpec networkPolicy,
            @Nullable MonitoringSpec monitoring) {
        this.backend = requireNonNullElseGet(backend, BackendSpec::defaults);
        this.loadBalancer = requireNonNullElseGet(loadBalancer, LoadBalancerSpec::defaults);
        this.autoscaling = requireNonNullElseGet(autoscaling, AutoscalingSpec::defaults);
        this.availability = requireNonNullElseGet(availability, AvailabilitySpec::defaults);
        this.networkPolicy = requireNonNullElseGet(networkPolicy, NetworkPolicySpec::defaults);
        this.monitoring = requireNonNullElseGet(monitoring, MonitoringSpec::defaults);
    }

    /** For rules: whether {@code one.name} is a port of the backend. */
    static final String A_PORT =
            "(has(self.backend) && has(self.backend.ports) && one.name in self.backend.ports) || (!(has(self.backend) && has(self.backend.image)) && one.name in ['http', 'tcp', 'health', 'metrics'])";

    /** What an empty specification means. */
    public static ClusterSpec defaults() {
        return new ClusterSpec(null, null, null, null, null, null);
    }

    /** The same with other backends. */
    public ClusterSpec with(BackendSpec other) {
        return new ClusterSpec(other, loadBalancer, autoscaling, availability, networkPolicy, monitoring);
    }
}
