package io.tickstorm.operator.reconcile;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.tickstorm.operator.crd.ClusterCondition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes conditions that remember when their status last changed. */
final class Transitions {
    private final long generation;
    private final String now;
    private final Map<String, Map<?, ?>> before = new HashMap<>();

    /** @param resource as the API server has it, with the status of the last report */
    Transitions(GenericKubernetesResource resource, Instant now) {
        var generation = resource.getMetadata().getGeneration();
        this.generation = generation == null ? 0 : generation;
        this.now = now.truncatedTo(ChronoUnit.SECONDS).toString();
        if (resource.get("status", "conditions") instanceof List<?> conditions) {
            for (var condition : conditions) {
                if (condition instanceof Map<?, ?> fields) {
                    before.put(String.valueOf(fields.get("type")), fields);
                }
            }
        }
    }

    long generation() {
        return generation;
    }

    ClusterCondition condition(String type, String status, String reason, String message) {
        return new ClusterCondition(type, status, generation, since(type, status), reason, message);
    }

    private String since(String type, String status) {
        var last = before.get(type);
        if (last != null
                && status.equals(last.get("status"))
                && last.get("lastTransitionTime") instanceof String since) {
            return since;
        }
        return now;
    }

    /** The status that a condition had; null if it had none. */
    @Nullable
    String before(String type) {
        var last = before.get(type);
        return last == null ? null : String.valueOf(last.get("status"));
    }
}
