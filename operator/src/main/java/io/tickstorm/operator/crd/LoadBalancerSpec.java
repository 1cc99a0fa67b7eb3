package io.tickstorm.operator.crd;

import static java.util.Objects.requireNonNullElse;
import static java.util.Objects.requireNonNullElseGet;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The proxies in front of the backends. */
@ValidationRule(
        value = "!has(self.listeners) || !has(self.service) || self.service.type != 'ClusterIP'"
                + " || self.listeners.all(listener, !has(listener.nodePort))",
        message =
                "a Service of type ClusterIP has no node ports; remove listeners[].nodePort or set service.type: NodePort")
@ValidationRule(
        value = "!has(self.stickiness) || !has(self.balancing) || !has(self.balancing.policy)"
                + " || !(self.balancing.policy in ['ConsistentHash', 'SourceIpHash'])",
        message = "stickiness and a policy that hashes both decide where a client goes; remove one of them")
public record LoadBalancerSpec(
        @JsonPropertyDescription("Container image of the proxy. Left out: the proxy of this release.")
        @Size(min = 1, max = 512)
        @Nullable
        String image,

        @JsonPropertyDescription(
                "When nodes pull the image: Always, IfNotPresent or Never. Left out: as the operator is set up.")
        @Nullable
        ImagePullPolicy imagePullPolicy,

        @JsonPropertyDescription("Number of proxy pods. While autoscaling is enabled it is the number to begin with.")
        @Default("2")
        @Min(1)
        @Max(1000)
        Integer replicas,

        @JsonPropertyDescription(
                "What the proxies listen on. Left out: HTTP on node port 30081 to the backend port http (or to the only port, whatever"
                        + " its name), and TCP on node port 30080 to the backend port tcp.")
        @Size(min = 1, max = 16)
        @ValidationRule(
                value = "self.all(a, self.exists_one(b, a.port == b.port))",
                message = "two listeners have the same port; give each a port of its own")
        @ValidationRule(
                value =
                        "self.all(a, !has(a.nodePort) || self.exists_one(b, has(b.nodePort) && a.nodePort == b.nodePort))",
                message = "two listeners have the same nodePort; give each its own, or leave it out for a free one")
        List<ListenerSpec> listeners,

        @JsonPropertyDescription("How an upstream is chosen.") @Nullable
        Balancing balancing,

        @JsonPropertyDescription(
                "How proxies ask backends whether they work, beside what Kubernetes knows. Left out: they do not ask.")
        @Nullable
        HealthCheck healthCheck,

        @JsonPropertyDescription("When a failed request is tried again.") @Nullable
        Retries retries,

        @JsonPropertyDescription("When a backend that keeps failing is left alone for a while.") @Nullable
        CircuitBreaker circuitBreaker,

        @JsonPropertyDescription("When a backend that does worse than the others, or falls silent, is taken out.")
        @Nullable
        OutlierEjection outlierEjection,

        @JsonPropertyDescription("How much one proxy gives to one backend at once, and what becomes of the rest.")
        @Nullable
        Limits limits,

        @JsonPropertyDescription(
                "Brings a client back to the backend it was at before; not beside a policy that hashes. Left out: none.")
        @Nullable
        Stickiness stickiness,

        @JsonPropertyDescription("What the proxies write of requests that have ended.") @Nullable
        AccessLog accessLog,

        @JsonPropertyDescription("How a proxy ends without losing anything.")
        Drain drain,

        @JsonPropertyDescription(
                "Processor and memory of one proxy pod. Left out: requests of 250m and 256Mi, and a memory limit of 256Mi.")
        @Nullable
        Resources resources,

        @JsonPropertyDescription("The Service that clients reach the proxies by.")
        ServiceSpec service,

        @JsonPropertyDescription("What else is said of the pods: labels, nodes, priority, secrets to pull with.")
        PodTemplate pod) {

    public LoadBalancerSpec(
            @Nullable String image,
            @Nullable ImagePullPolicy imagePullPolicy,
            @Nullable Integer replicas,
            @Nullable List<ListenerSpec> listeners,
            @Nullable Balancing balancing,
            @Nullable HealthCheck healthCheck,
            @Nullable Retries retries,
            @Nullable CircuitBreaker circuitBreaker,
            @Nullable OutlierEjection outlierEjection,
            @Nullable Limits limits,
            @Nullable Stickiness stickiness,
            @Nullable AccessLog accessLog,
            @Nullable Drain drain,
            @Nullable Resources resources,
            @Nullable ServiceSpec service,
            @Nullable PodTemplate pod) {
        this.image = image;
        this.imagePullPolicy = imagePullPolicy;
        this.replicas = requireNonNullElse(replicas, 2);
        this.listeners = listeners == null ? List.of() : List.copyOf(listeners);
        this.balancing = balancing;
        this.healthCheck = healthCheck;
        this.retries = retries;
        this.circuitBreaker = circuitBreaker;
        this.outlierEjection = outlierEjection;
        this.limits = limits;
        this.stickiness = stickiness;
        this.accessLog = accessLog;
        this.drain = requireNonNullElseGet(drain, Drain::defaults);
        this.resources = resources;
        this.service = requireNonNullElseGet(service, ServiceSpec::defaults);
        this.pod = requireNonNullElse(pod, PodTemplate.NONE);
    }

    static LoadBalancerSpec defaults() {
        return new LoadBalancerSpec(
                null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null);
    }
}
