package io.tickstorm.operator.reconcile;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tickstorm.operator.crd.TickStormCluster;
import io.tickstorm.operator.desired.RolloutRecord;
import io.tickstorm.operator.rollout.Memory;
import io.tickstorm.operator.rollout.MemoryText;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is remembered of the versions of each cluster, in a ConfigMap beside its objects. Read from the API server itself, once, since an informer may be late; from then on
 * it is known here, because only the leader writes it. A write that meets another writer's fails, and what is known is forgotten, so that a leader whose time is over
 * does not undo what its successor wrote. Passes over one cluster do not overlap.
 */
final class Memories {
    private static final Logger log = LoggerFactory.getLogger(Memories.class);

    private final KubernetesClient client;
    private final Map<ClusterKey, Known> known = new ConcurrentHashMap<>();

    /** @param version of the ConfigMap as it was last written or read; null = there is none */
    private record Known(@Nullable String version, @Nullable String text) {}

    Memories(KubernetesClient client) {
        this.client = client;
    }

    /**
     * The memory of a cluster.
     *
     * @param first what to begin with where nothing is written down, or nothing that can be read
     * @throws ReconcileException if a ConfigMap of the name belongs to somebody else
     */
    Memory of(TickStormCluster cluster, Supplier<Memory> first) throws ReconcileException {
        var key = ClusterKey.of(cluster);
        var noted = known.get(key);
        if (noted == null) {
            noted = read(cluster);
            known.put(key, noted);
        }
        if (noted.text() == null) {
            return first.get();
        }
        try {
            return MemoryText.read(noted.text());
        } catch (IllegalArgumentException e) {
            log.warn("{}: {} cannot be read, beginning anew: {}", key, RolloutRecord.name(cluster), e.getMessage());
            return first.get();
        }
    }

    /** Writes it down if it is not written down already. */
    void write(TickStormCluster cluster, Memory memory) {
        var key = ClusterKey.of(cluster);
        var text = MemoryText.write(memory);
        var noted = known.get(key);
        if (noted != null && text.equals(noted.text())) {
            return;
        }
        // With the version it was read at, the server refuses the write if somebody else was quicker.
        var version = noted == null ? null : noted.version();
        var map = new ConfigMapBuilder(RolloutRecord.of(cluster, text))
                .editMetadata()
                .withResourceVersion(version)
                .endMetadata()
                .build();
        try {
            var written = client.resource(map)
                    .fieldManager(Children.FIELD_MANAGER)
                    .forceConflicts()
                    .serverSideApply();
            known.put(key, new Known(written.getMetadata().getResourceVersion(), text));
        } catch (KubernetesClientException e) {
            known.remove(key);
            throw e;
        }
    }

    void forget(ClusterKey key) {
        known.remove(key);
    }

    private Known read(TickStormCluster cluster) throws ReconcileException {
        var there = client.configMaps()
                .inNamespace(cluster.getMetadata().getNamespace())
                .withName(RolloutRecord.name(cluster))
                .get();
        if (there == null) {
            return new Known(null, null);
        }
        if (!Children.ownedBy(cluster, there)) {
            throw new ReconcileException(List.of(Refusal.foreign(there)));
        }
        return new Known(there.getMetadata().getResourceVersion(), text(there));
    }

    private static @Nullable String text(ConfigMap map) {
        return map.getData() == null ? null : map.getData().get(RolloutRecord.KEY);
    }
}
