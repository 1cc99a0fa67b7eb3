package io.tickstorm.operator.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Processor and memory of one pod, by the names of Kubernetes. */
public record Resources(
        @JsonPropertyDescription("What a node must have free: cpu and memory, such as {cpu: 250m, memory: 256Mi}.")
        @Size(max = 16)
        Map<String, Quantity> requests,

        @JsonPropertyDescription("What the pod may use at most, such as {memory: 256Mi}.") @Size(max = 16)
        Map<String, Quantity> limits) {

    public Resources(@Nullable Map<String, Quantity> requests, @Nullable Map<String, Quantity> limits) {
        this.requests = sorted(requests);
        this.limits = sorted(limits);
    }

    private static Map<String, Quantity> sorted(@Nullable Map<String, Quantity> quantities) {
        return quantities == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(quantities));
    }
}
