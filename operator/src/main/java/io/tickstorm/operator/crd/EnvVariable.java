package io.tickstorm.operator.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** One environment variable: a value, or where to take it from. */
@ValidationRule(
        value = "!(has(self.value) && has(self.valueFrom))",
        message = "value and valueFrom exclude each other; remove one of them")
public record EnvVariable(
        @JsonPropertyDescription("Name of the variable.") @Required @Size(min = 1, max = 256)
        String name,

        @JsonPropertyDescription("Its value. Left out, and without valueFrom: the empty string.")
        @Size(max = 32768)
        @Nullable
        String value,

        @JsonPropertyDescription("Where its value comes from.") @Nullable
        Source valueFrom) {

    /** Exactly one place that a value comes from. */
    @ValidationRule(
            value =
                    "[has(self.secretKeyRef), has(self.configMapKeyRef), has(self.fieldRef)].filter(given, given).size() == 1",
            message = "expected exactly one of secretKeyRef, configMapKeyRef, fieldRef")
    public record Source(
            @JsonPropertyDescription("A key of a Secret in the namespace of the cluster.") @Nullable
            Key secretKeyRef,

            @JsonPropertyDescription("A key of a ConfigMap in the namespace of the cluster.") @Nullable
            Key configMapKeyRef,

            @JsonPropertyDescription("A field of the pod itself.") @Nullable
            Field fieldRef) {}

    /** A key of a Secret or a ConfigMap. */
    public record Key(
            @JsonPropertyDescription("Name of the Secret or ConfigMap.") @Required @Size(min = 1, max = 253)
            String name,

            @JsonPropertyDescription("Key in it.") @Required @Size(min = 1, max = 253)
            String key,

            @JsonPropertyDescription(
                    "Whether the pod starts without the variable when the key is not there. Left out: it waits.")
            @Nullable
            Boolean optional) {}

    /** A field of the pod. */
    public record Field(
            @JsonPropertyDescription("Path of the field, such as metadata.name, spec.nodeName or status.podIP.")
            @Required
            @Size(min = 1, max = 256)
            String fieldPath) {}
}
