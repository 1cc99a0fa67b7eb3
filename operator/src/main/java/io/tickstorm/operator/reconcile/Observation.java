package io.tickstorm.operator.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.tickstorm.operator.crd.TickStormCluster;
import io.tickstorm.operator.desired.Component;
import io.tickstorm.operator.desired.Slot;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What was seen of a cluster's objects at one time. */
record Observation(
        @Nullable Deployment backends,
        @Nullable Deployment proxies,
        @Nullable Service front,
        List<HorizontalPodAutoscaler> autoscalers,
        List<Pod> pods) {

    /** @param active the slot whose Deployment counts as the backends */
    static Observation of(TickStormCluster cluster, Slot active, List<HasMetadata> children, List<Pod> pods) {
        return new Observation(
                named(children, Deployment.class, active.component().nameIn(cluster)),
                named(children, Deployment.class, Component.PROXY.nameIn(cluster)),
                named(children, Service.class, Component.PROXY.nameIn(cluster)),
                children.stream()
                        .filter(HorizontalPodAutoscaler.class::isInstance)
                        .map(HorizontalPodAutoscaler.class::cast)
                        .toList(),
                List.copyOf(pods));
    }

    static Observation nothing() {
        return new Observation(null, null, null, List.of(), List.of());
    }

    /** Whether no proxies are about to be replaced. */
    boolean proxiesSettled() {
        return proxies != null && rolledOut(proxies);
    }

    /** Whether every pod is of the newest template and has been ready for a moment. */
    static boolean rolledOut(Deployment deployment) {
        var status = deployment.getStatus();
        int wanted = orZero(deployment.getSpec().getReplicas());
        return status != null
                && Objects.equals(deployment.getMetadata().getGeneration(), status.getObservedGeneration())
                && orZero(status.getUpdatedReplicas()) == wanted
                && orZero(status.getReplicas()) == wanted
                && orZero(status.getAvailableReplicas()) == wanted;
    }

    private static int orZero(@Nullable Integer count) {
        return count == null ? 0 : count;
    }

    private static <T extends HasMetadata> @Nullable T named(List<HasMetadata> children, Class<T> kind, String name) {
        return children.stream()
                .filter(child -> kind.isInstance(child)
                        && name.equals(child.getMetadata().getName()))
                .map(kind::cast)
                .findFirst()
                .orElse(null);
    }
}
