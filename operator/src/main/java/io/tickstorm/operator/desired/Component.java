package io.tickstorm.operator.desired;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.tickstorm.operator.crd.TickStormCluster;
import java.util.Map;
import java.util.TreeMap;

/** The kinds of pods of a cluster; every child object belongs to one of them, in name and labels. The backends have two, one for each {@link Slot}. */
public enum Component {
    BACKEND("backend", "backend"),
    BACKEND_GREEN("backend-green", "backend"),
    PROXY("proxy", "proxy");

    /** On every child object, with the name of the cluster. */
    public static final String CLUSTER_LABEL = "tickstorm.io/cluster";

    /** On every child object, {@link #word()}. */
    public static final String COMPONENT_LABEL = "tickstorm.io/component";

    /** On every child object, {@link #kind()}. With {@link #CLUSTER_LABEL} it picks the backends of both slots. */
    public static final String KIND_LABEL = "app.kubernetes.io/component";

    public static final String MANAGED_BY_LABEL = "app.kubernetes.io/managed-by";
    public static final String MANAGED_BY = "tickstorm-operator";

    private final String word;
    private final String kind;

    Component(String word, String kind) {
        this.word = word;
        this.kind = kind;
    }

    public String word() {
        return word;
    }

    /** What the pods are, whatever their slot: {@code backend} or {@code proxy}; also the name of their container. */
    public String kind() {
        return kind;
    }

    /** The name of the component's objects: at most 14 characters more than the cluster's, which has at most 40. */
    public String nameIn(TickStormCluster cluster) {
        return cluster.getMetadata().getName() + "-" + word;
    }

    /** What picks the component's pods. Never changes for a cluster, because a Deployment's selector must not. */
    public Map<String, String> selector(TickStormCluster cluster) {
        return new TreeMap<>(Map.of(CLUSTER_LABEL, cluster.getMetadata().getName(), COMPONENT_LABEL, word));
    }

    Map<String, String> labels(TickStormCluster cluster) {
        var labels = new TreeMap<>(selector(cluster));
        labels.put("app.kubernetes.io/name", "tickstorm-" + kind);
        labels.put("app.kubernetes.io/instance", cluster.getMetadata().getName());
        labels.put(KIND_LABEL, kind);
        labels.put("app.kubernetes.io/part-of", "tickstorm");
        labels.put(MANAGED_BY_LABEL, MANAGED_BY);
        return labels;
    }

    /** On the pods of the component, and on those of any other generation of them that runs beside. */
    Map<String, String> commonLabels(TickStormCluster cluster) {
        return new TreeMap<>(Map.of(CLUSTER_LABEL, cluster.getMetadata().getName(), KIND_LABEL, kind));
    }

    /** Metadata of a child object. Its owner is the cluster, so that it is collected with it; without a uid (no API server) it has none. */
    ObjectMeta metadata(TickStormCluster cluster) {
        return metadata(cluster, nameIn(cluster));
    }

    /** As {@link #metadata(TickStormCluster)}, for an object of another name; its kind and name together are found once in a namespace. */
    ObjectMeta metadata(TickStormCluster cluster, String name) {
        var metadata = new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(cluster.getMetadata().getNamespace())
                .withLabels(labels(cluster));
        var uid = cluster.getMetadata().getUid();
        if (uid != null) {
            metadata.addNewOwnerReference()
                    .withApiVersion(TickStormCluster.API_VERSION)
                    .withKind(TickStormCluster.KIND)
                    .withName(cluster.getMetadata().getName())
                    .withUid(uid)
                    .withController(true)
                    .withBlockOwnerDeletion(true)
                    .endOwnerReference();
        }
        return metadata.build();
    }
}
