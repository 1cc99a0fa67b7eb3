package io.tickstorm.operator.crd;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.PreserveUnknownFields;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What else is said of pods, in the words of Kubernetes: where they run, and what they carry. */
public record PodTemplate(
        @JsonPropertyDescription(
                "Further labels of the pods. Those that begin with tickstorm.io/ or app.kubernetes.io/ are the operator's own.")
        @Size(max = 32)
        @ValidationRule(
                value = "self.all(key, !key.startsWith('tickstorm.io/') && !key.startsWith('app.kubernetes.io/'))",
                message =
                        "labels that begin with tickstorm.io/ or app.kubernetes.io/ are the operator's own; choose other names")
        Map<String, String> labels,

        @JsonPropertyDescription(
                "Further annotations of the pods. Those that begin with tickstorm.io/ are the operator's own.")
        @Size(max = 32)
        @ValidationRule(
                value = "self.all(key, !key.startsWith('tickstorm.io/'))",
                message = "annotations that begin with tickstorm.io/ are the operator's own; choose other names")
        Map<String, String> annotations,

        @JsonPropertyDescription("Labels that a node must have to run the pods. Left out: any node.") @Size(max = 32)
        Map<String, String> nodeSelector,

        @JsonPropertyDescription("Taints of nodes that the pods put up with. Left out: none.") @Size(max = 32)
        List<Toleration> tolerations,

        @JsonPropertyDescription(
                "Which nodes and neighbours the pods want, as 'kubectl explain pod.spec.affinity' describes it. Left out: none.")
        @PreserveUnknownFields
        Map<String, Object> affinity,

        @JsonPropertyDescription(
                "PriorityClass of the pods: whose pods make room for whose. Left out: the default of the Kubernetes cluster.")
        @Size(min = 1, max = 253)
        @Nullable
        String priorityClassName,

        @JsonPropertyDescription(
                "Names of Secrets, in the namespace of the cluster, that nodes pull the images with. Left out: none.")
        @Size(max = 16)
        List<@Size(min = 1, max = 253) String> imagePullSecrets) {

    /** Nothing beside what the operator says. */
    public static final PodTemplate NONE = new PodTemplate(null, null, null, null, null, null, null);

    public PodTemplate(
            @Nullable Map<String, String> labels,
            @Nullable Map<String, String> annotations,
            @Nullable Map<String, String> nodeSelector,
            @Nullable List<Toleration> tolerations,
            @Nullable Map<String, Object> affinity,
            @Nullable String priorityClassName,
            @Nullable List<String> imagePullSecrets) {
        this.labels = sorted(labels);
        this.annotations = sorted(annotations);
        this.nodeSelector = sorted(nodeSelector);
        this.tolerations = tolerations == null ? List.of() : List.copyOf(tolerations);
        this.affinity = sorted(affinity);
        this.priorityClassName = priorityClassName;
        this.imagePullSecrets = imagePullSecrets == null ? List.of() : List.copyOf(imagePullSecrets);
    }

    private static <V> Map<String, V> sorted(@Nullable Map<String, V> given) {
        return given == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(given));
    }

    /** A taint that pods put up with. */
    @ValidationRule(
            value = "has(self.key) || (has(self.operator) && self.operator == 'Exists')",
            message = "a toleration without a key tolerates every taint; say so by operator: Exists, or name a key")
    @ValidationRule(
            value = "!has(self.operator) || self.operator != 'Exists' || !has(self.value)",
            message = "operator Exists asks for no value; remove it, or set operator: Equal")
    public record Toleration(
            @JsonPropertyDescription("Key of the taint. Left out: every key, with operator Exists.")
            @Size(min = 1, max = 317)
            @Nullable
            String key,

            @JsonPropertyDescription("Equal: the taint has the value. Exists: whatever its value. Left out: Equal.")
            @Nullable
            Operator operator,

            @JsonPropertyDescription("Value of the taint; with operator Equal only. Left out: the empty one.")
            @Size(max = 63)
            @Nullable
            String value,

            @JsonPropertyDescription(
                    "What the taint does that is put up with: NoSchedule, PreferNoSchedule or NoExecute. Left out: all of them.")
            @Nullable
            Effect effect,

            @JsonPropertyDescription(
                    "With effect NoExecute: how many seconds a pod stays on a node that gets the taint. Left out: for ever.")
            @Min(0)
            @Max(31_536_000)
            @Nullable
            Integer tolerationSeconds) {}

    public enum Operator {
        @JsonProperty("Equal")
        EQUAL("Equal"),
        @JsonProperty("Exists")
        EXISTS("Exists");

        private final String word;

        Operator(String word) {
            this.word = word;
        }

        /** As a toleration's {@code operator} says it. */
        public String word() {
            return word;
        }
    }

    public enum Effect {
        @JsonProperty("NoSchedule")
        NO_SCHEDULE("NoSchedule"),
        @JsonProperty("PreferNoSchedule")
        PREFER_NO_SCHEDULE("PreferNoSchedule"),
        @JsonProperty("NoExecute")
        NO_EXECUTE("NoExecute");

        private final String word;

        Effect(String word) {
            this.word = word;
        }

        /** As a toleration's {@code effect} says it. */
        public String word() {
            return word;
        }
    }
}
