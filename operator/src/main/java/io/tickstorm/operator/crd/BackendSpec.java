package io.tickstorm.operator.crd;

import static java.util.Objects.requireNonNullElse;
import static java.util.Objects.requireNonNullElseGet;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The servers that traffic is balanced over. */
@ValidationRule(
        value = "!has(self.image) || (has(self.ports) && size(self.ports) > 0)",
        message =
                "ports: missing (an image of your own needs the port that it listens on, such as ports: {http: 8000})")
@ValidationRule(
        value =
                "has(self.image) || !has(self.ports) || self.ports.all(name, name in ['http', 'tcp', 'health', 'metrics'])",
        message =
                "ports: the reference backend has http, tcp, health and metrics; remove the others, or name an image of your own")
public record BackendSpec(
        @JsonPropertyDescription("Container image of your server. Left out: the reference backend of this release.")
        @Size(min = 1, max = 512)
        @Nullable
        String image,

        @JsonPropertyDescription(
                "When nodes pull the image: Always, IfNotPresent or Never. Left out: as the operator is set up for its own images;"
                        + " for an image of yours as Kubernetes decides by its tag.")
        @Nullable
        ImagePullPolicy imagePullPolicy,

        @JsonPropertyDescription("Arguments of the container, after the entry point of its image.") @Size(max = 128)
        List<@Size(max = 32_768) String> args,

        @JsonPropertyDescription("Environment variables of the container.") @Size(max = 256)
        List<EnvVariable> env,

        @JsonPropertyDescription("Number of backend pods. While autoscaling is enabled it is the number to begin with.")
        @Default("3")
        @Min(0)
        @Max(1000)
        Integer replicas,

        @JsonPropertyDescription(
                "Ports of the container by name: at most 15 lower-case letters, digits and '-'."
                        + " Needed with an image of your own. The reference backend has {http: 8000, tcp: 8080, health: 8081, metrics: 9090}; numbers given here replace these.")
        @Size(max = 16)
        @ValidationRule(
                value =
                        "self.all(name, size(name) <= 15 && name.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$') && name.matches('[a-z]'))",
                message =
                        "a port name has at most 15 lower-case letters, digits and '-', with a letter among them; rename it")
        @ValidationRule(
                value = "self.all(a, self.exists_one(b, self[a] == self[b]))",
                message = "two names have the same port number; remove one of them")
        Map<String, Integer> ports,

        @JsonPropertyDescription(
                "How Kubernetes asks whether a pod can take traffic and whether it must be restarted. Left out: the probes of the"
                        + " reference backend; for an image of yours, ready as soon as the port of the first listener accepts TCP connections.")
        @Nullable
        Probes probes,

        @JsonPropertyDescription(
                "Processor and memory of one pod. Left out: requests of 100m and 192Mi, and a memory limit of 384Mi for the reference"
                        + " backend; nothing for an image of yours.")
        @Nullable
        Resources resources,

        @JsonPropertyDescription("How a pod ends without losing anything.")
        Drain drain,

        @JsonPropertyDescription(
                "What the container may do. Restricted: the Kubernetes pod security profile of that name. Baseline: as the image's own"
                        + " user, root included, but without gaining privileges. Left out: Restricted for the reference backend, Baseline for an image of yours.")
        @Nullable
        PodSecurity podSecurity,

        @JsonPropertyDescription(
                "ServiceAccount of the pods, in the namespace of the cluster. Left out: the default one of the namespace; the reference backend gets no token of it.")
        @Size(min = 1, max = 253)
        @Nullable
        String serviceAccountName,

        @JsonPropertyDescription("What else is said of the pods: labels, nodes, priority, secrets to pull with.")
        PodTemplate pod,

        @JsonPropertyDescription("How a new version of the backends takes over from the one that runs.")
        RolloutSpec rollout) {

    /** Where the reference backend listens. */
    public static final Map<String, Integer> REFERENCE_PORTS =
            sorted(Map.of("http", 8000, "tcp", 8080, "health", 8081, "metrics", 9090));

    /** A container's rights, in the words of the Kubernetes pod security standards. */
    public enum PodSecurity {
        @JsonProperty("Restricted")
        RESTRICTED("Restricted"),
        @JsonProperty("Baseline")
        BASELINE("Baseline");

        private final String word;

        PodSecurity(String word) {
            this.word = word;
        }

        /** As the resource says it. */
        public String word() {
            return word;
        }
    }

    public BackendSpec(
            @Nullable String image,
            @Nullable ImagePullPolicy imagePullPolicy,
            @Nullable List<String> args,
            @Nullable List<EnvVariable> env,
            @Nullable Integer replicas,
            @Nullable Map<String, Integer> ports,
            @Nullable Probes probes,
            @Nullable Resources resources,
            @Nullable Drain drain,
            @Nullable PodSecurity podSecurity,
            @Nullable String serviceAccountName,
            @Nullable PodTemplate pod,
            @Nullable RolloutSpec rollout) {
        this.image = image;
        this.imagePullPolicy = imagePullPolicy;
        this.args = args == null ? List.of() : List.copyOf(args);
        this.env = env == null ? List.of() : List.copyOf(env);
        this.replicas = requireNonNullElse(replicas, 3);
        this.ports = ports(image, ports);
        this.probes = probes;
        this.resources = resources;
        this.drain = requireNonNullElseGet(drain, Drain::defaults);
        this.podSecurity = podSecurity;
        this.serviceAccountName = serviceAccountName;
        this.pod = requireNonNullElse(pod, PodTemplate.NONE);
        this.rollout = requireNonNullElseGet(rollout, RolloutSpec::defaults);
    }

    /** Whether the pods run the reference backend of this release, whose ports and probes are known. */
    public boolean reference() {
        return image == null;
    }

    /** The reference backend has ports of its own, and other numbers for them where the resource says so. */
    private static Map<String, Integer> ports(@Nullable String image, @Nullable Map<String, Integer> given) {
        var ports = new TreeMap<String, Integer>(image == null ? REFERENCE_PORTS : Map.of());
        if (given != null) {
            ports.putAll(given);
        }
        return sorted(ports);
    }

    /** The same ports give the same objects, whatever order they were written in. */
    private static Map<String, Integer> sorted(Map<String, Integer> ports) {
        return Collections.unmodifiableMap(new TreeMap<>(ports));
    }

    /** An image, and of everything else the default. */
    public static BackendSpec of(@Nullable String image) {
        return new BackendSpec(image, null, null, null, null, null, null, null, null, null, null, null, null);
    }

    static BackendSpec defaults() {
        return of(null);
    }
}
