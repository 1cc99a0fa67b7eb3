package io.tickstorm.e2e;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import org.jspecify.annotations.Nullable;

/** What the status of a cluster says about versions of its backends: {@code status.rollout}. */
record Versions(String phase, String revision, String stableRevision, int weight, String message) {
    static Versions of(@Nullable GenericKubernetesResource cluster) {
        return new Versions(
                text(cluster, "phase"),
                text(cluster, "revision"),
                text(cluster, "stableRevision"),
                cluster == null || cluster.get("status", "rollout", "weight") == null
                        ? 0
                        : cluster.<Number>get("status", "rollout", "weight").intValue(),
                text(cluster, "message"));
    }

    private static String text(@Nullable GenericKubernetesResource cluster, String field) {
        var value = cluster == null ? null : cluster.get("status", "rollout", field);
        return value == null ? "" : value.toString();
    }
}
