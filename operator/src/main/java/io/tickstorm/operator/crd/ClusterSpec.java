package io.tickstorm.operator.crd;

import static java.util.Objects.requireNonNullElseGet;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** The whole of what a user may say about a cluster. */
public record ClusterSpec(
        @JsonPropertyDescription("The servers that traffic is balanced over. Left out: three reference backends.")
        BackendSpec backend,

        @JsonPropertyDescription(
                "The proxies in front of the backends. Left out: two proxies with HTTP on node port 30081"
                        + " and, for a backend port named tcp, TCP on node port 30080.")
        LoadBalancerSpec loadBalancer,

        @JsonPropertyDescription(
                "Lets the number of pods follow their load. Left out: the numbers stay as the replicas fields say.")
        AutoscalingSpec autoscaling) {

    public ClusterSpec(
            @Nullable BackendSpec backend,
            @Nullable LoadBalancerSpec loadBalancer,
            @Nullable AutoscalingSpec autoscaling) {
        this.backend = requireNonNullElseGet(backend, BackendSpec::defaults);
        this.loadBalancer = requireNonNullElseGet(loadBalancer, LoadBalancerSpec::defaults);
        this.autoscaling = requireNonNullElseGet(autoscaling, AutoscalingSpec::defaults);
    }

    /** What an empty specification means. */
    public static ClusterSpec defaults() {
        return new ClusterSpec(null, null, null);
    }
}
