package io.tickstorm.operator.crd;

import static java.util.Objects.requireNonNullElse;
import static java.util.Objects.requireNonNullElseGet;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The proxies in front of the backends.
 *
 * @param words the proxy's own, which go to it as they are: what it is told of the ports of {@code spec.backend}, and of itself
 */
@ValidationRule(
        value = "!has(self.listeners) || !has(self.service) || self.service.type != 'ClusterIP'"
                + " || self.listeners.all(listener, !has(listener.nodePort))",
        message =
                "a Service of type ClusterIP has no node ports; remove listeners[].nodePort or set service.type: NodePort")
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

        @JsonPropertyDescription(
                "Backends beside the ports of spec.backend, each with a discovery of its own; and ports of spec.backend that are to be treated in their own way."
                        + " Left out: all ports are treated alike, as the sections beside this one say.")
        @Size(max = 32)
        List<ProxyBackend> backends,

        @JsonPropertyDescription("How a proxy ends without losing anything.")
        Drain drain,

        @JsonPropertyDescription(
                "Processor and memory of one proxy pod. Left out: requests of 250m and 256Mi, and a memory limit of 256Mi.")
        @Nullable
        Resources resources,

        @JsonPropertyDescription("The Service that clients reach the proxies by.")
        ServiceSpec service,

        @JsonPropertyDescription("What else is said of the pods: labels, nodes, priority, secrets to pull with.")
        PodTemplate pod,

        @JsonAnySetter @JsonAnyGetter Map<String, Object> words) {

    public LoadBalancerSpec(
            @Nullable String image,
            @Nullable ImagePullPolicy imagePullPolicy,
            @Nullable Integer replicas,
            @Nullable List<ListenerSpec> listeners,
            @Nullable List<ProxyBackend> backends,
            @Nullable Drain drain,
            @Nullable Resources resources,
            @Nullable ServiceSpec service,
            @Nullable PodTemplate pod,
            @Nullable Map<String, Object> words) {
        this.image = image;
        this.imagePullPolicy = imagePullPolicy;
        this.replicas = requireNonNullElse(replicas, 2);
        this.listeners = listeners == null ? List.of() : List.copyOf(listeners);
        this.backends = backends == null ? List.of() : List.copyOf(backends);
        this.drain = requireNonNullElseGet(drain, Drain::defaults);
        this.resources = resources;
        this.service = requireNonNullElseGet(service, ServiceSpec::defaults);
        this.pod = requireNonNullElse(pod, PodTemplate.NONE);
        this.words = Words.of(words);
    }

    static LoadBalancerSpec defaults() {
        return new LoadBalancerSpec(null, null, null, null, null, null, null, null, null, null);
    }
}
