package io.tickstorm.operator.desired;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.tickstorm.operator.crd.TickStormCluster;
import java.util.Map;

/** The ConfigMap in which the operator writes down where a change of versions is; it is the operator's own, and nobody else reads it. */
public final class RolloutRecord {
    /** The key of the text. */
    public static final String KEY = "rollout.json";

    private RolloutRecord() {}

    public static String name(TickStormCluster cluster) {
        return cluster.getMetadata().getName() + "-rollout";
    }

    public static ConfigMap of(TickStormCluster cluster, String text) {
        return new ConfigMapBuilder()
                .withMetadata(new ObjectMetaBuilder(Component.BACKEND.metadata(cluster))
                        .withName(name(cluster))
                        .build())
                .withData(Map.of(KEY, text))
                .build();
    }
}
