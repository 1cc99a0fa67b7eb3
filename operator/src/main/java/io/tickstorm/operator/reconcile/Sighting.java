package io.tickstorm.operator.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.tickstorm.operator.crd.TickStormCluster;
import io.tickstorm.operator.desired.Autoscalers;
import io.tickstorm.operator.desired.Backends;
import io.tickstorm.operator.desired.Slot;
import io.tickstorm.operator.rollout.Facts.Pods;
import io.tickstorm.operator.telemetry.ProxyAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the objects of a cluster say about its versions. */
record Sighting(TickStormCluster cluster, List<HasMetadata> children, List<Pod> pods) {

    /** The slots that have a Deployment, and what runs in them. */
    Map<Slot, Pods> slots() {
        var slots = new EnumMap<Slot, Pods>(Slot.class);
        for (var slot : Slot.values()) {
            var deployment = deployment(slot);
            if (deployment != null) {
                slots.put(slot, new Pods(revision(deployment), available(deployment)));
            }
        }
        return slots;
    }

    /** Pods that the version with all the traffic should have: the autoscaler's number where there is one. */
    int replicas(Slot active) {
        var component = active.component();
        var first = Autoscalers.initialReplicas(cluster, component);
        var scaling = Autoscalers.enabled(cluster, component);
        var deployment = deployment(active);
        return scaling == null || deployment == null || deployment.getSpec().getReplicas() == null
                ? first
                : Math.clamp(deployment.getSpec().getReplicas(), scaling.minReplicas(), scaling.maxReplicas());
    }

    /** The proxies that carry traffic: those that are ready, also while they end. */
    List<ProxyAddress> proxies() {
        var carrying = new ArrayList<ProxyAddress>();
        for (var pod : pods) {
            var address = ProxyAddress.carrying(pod);
            if (address != null) {
                carrying.add(address);
            }
        }
        return carrying;
    }

    private @Nullable Deployment deployment(Slot slot) {
        var name = slot.component().nameIn(cluster);
        return children.stream()
                .filter(child -> child instanceof Deployment
                        && name.equals(child.getMetadata().getName()))
                .map(Deployment.class::cast)
                .findFirst()
                .orElse(null);
    }

    private static String revision(Deployment deployment) {
        var annotations = deployment.getMetadata().getAnnotations();
        return annotations == null ? "" : annotations.getOrDefault(Backends.REVISION, "");
    }

    /** Pods of the newest template that are available, at least: the old ones are taken for the ones that are. */
    private static int available(Deployment deployment) {
        var status = deployment.getStatus();
        if (status == null
                || !Objects.equals(deployment.getMetadata().getGeneration(), status.getObservedGeneration())) {
            return 0;
        }
        var old = orZero(status.getReplicas()) - orZero(status.getUpdatedReplicas());
        return Math.max(0, orZero(status.getAvailableReplicas()) - Math.max(0, old));
    }

    private static int orZero(@Nullable Integer count) {
        return count == null ? 0 : count;
    }
}
