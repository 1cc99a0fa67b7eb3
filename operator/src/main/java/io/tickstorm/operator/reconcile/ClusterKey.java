package io.tickstorm.operator.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.tickstorm.operator.desired.Component;

/** The name of a cluster. */
record ClusterKey(String namespace, String name) {

    static ClusterKey of(HasMetadata cluster) {
        return new ClusterKey(
                cluster.getMetadata().getNamespace(), cluster.getMetadata().getName());
    }

    /** The cluster that a child object belongs to by its label, which every child has. */
    static ClusterKey ofChild(HasMetadata child) {
        var labels = child.getMetadata().getLabels();
        var name = labels == null ? "" : labels.getOrDefault(Component.CLUSTER_LABEL, "");
        return new ClusterKey(child.getMetadata().getNamespace(), name);
    }

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
