package io.tickstorm.operator.reconcile;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.tickstorm.operator.crd.TickStormCluster;
import io.tickstorm.operator.desired.Component;
import io.tickstorm.operator.desired.Monitors;
import io.tickstorm.operator.desired.Surroundings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is seen of the API server: the clusters, and every object that carries our label, kept up to date by informers. Thread-safe once started.
 *
 * <p>Clusters are read without their Java type: one that does not fit it must not keep the others from being seen.
 */
final class Sight implements AutoCloseable {
    static final ResourceDefinitionContext CLUSTERS = new ResourceDefinitionContext.Builder()
            .withGroup(TickStormCluster.GROUP)
            .withVersion(TickStormCluster.VERSION)
            .withKind(TickStormCluster.KIND)
            .withPlural(TickStormCluster.PLURAL)
            .withNamespaced(true)
            .build();

    private static final Logger log = LoggerFactory.getLogger(Sight.class);
    private static final String BY_CLUSTER = "cluster";

    private final KubernetesClient client;
    private final Consumer<ClusterKey> changed;
    private final Consumer<ClusterKey> respecified;
    private final List<SharedIndexInformer<GenericKubernetesResource>> clusters = new ArrayList<>();
    private final List<SharedIndexInformer<? extends HasMetadata>> children = new CopyOnWriteArrayList<>();
    private final List<SharedIndexInformer<Pod>> pods = new ArrayList<>();
    private final List<String> namespaces;
    private volatile boolean closed;
    /** By kind; guarded by itself. */
    private final Map<String, List<SharedIndexInformer<GenericKubernetesResource>>> followed = new HashMap<>();

    /**
     * @param namespaces what is watched; empty = all
     * @param changed told when anything of a cluster changed
     * @param respecified told when what a person wants changed; must not block, as the other
     */
    Sight(
            KubernetesClient client,
            List<String> namespaces,
            Consumer<ClusterKey> changed,
            Consumer<ClusterKey> respecified) {
        this.client = client;
        this.changed = changed;
        this.respecified = respecified;
        this.namespaces = List.copyOf(namespaces);
        if (namespaces.isEmpty()) {
            watch(null);
        } else {
            namespaces.forEach(this::watch);
        }
    }

    /**
     * Completes when all that is there has been seen once. The clusters come last, so that a pass over one never takes objects that it has not seen yet for missing, and
     * says so in a status.
     */
    CompletableFuture<Void> start() {
        if (closed) {
            return CompletableFuture.failedFuture(new CancellationException("closed before it began"));
        }
        return CompletableFuture.allOf(started(children), started(pods)).thenCompose(seen -> started(clusters));
    }

    private static CompletableFuture<Void> started(List<? extends SharedIndexInformer<?>> informers) {
        return CompletableFuture.allOf(informers.stream()
                .map(informer -> informer.start().toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    /**
     * Begins to see the objects of kinds that are there now, and ceases to see those of kinds that are gone. Nobody waits for them: an object that is not seen yet is asked
     * for one by one.
     */
    void follow(Surroundings surroundings) {
        follow(Monitors.SERVICE_MONITOR, "servicemonitors", surroundings.serviceMonitors());
        follow(Monitors.PROMETHEUS_RULE, "prometheusrules", surroundings.prometheusRules());
    }

    private void follow(String kind, String plural, boolean there) {
        synchronized (followed) {
            if (there && !followed.containsKey(kind)) {
                var informers = monitors(kind, plural);
                followed.put(kind, informers);
                children.addAll(informers);
                informers.forEach(SharedIndexInformer::start);
            } else if (!there && followed.containsKey(kind)) {
                var informers = followed.remove(kind);
                children.removeAll(informers);
                informers.forEach(SharedIndexInformer::close);
            }
        }
    }

    private List<SharedIndexInformer<GenericKubernetesResource>> monitors(String kind, String plural) {
        var context = new ResourceDefinitionContext.Builder()
                .withGroup(Monitors.GROUP)
                .withVersion(Monitors.VERSION)
                .withKind(kind)
                .withPlural(plural)
                .withNamespaced(true)
                .build();
        var objects = client.genericKubernetesResources(context);
        return namespaces.isEmpty()
                ? List.of(children(objects, null))
                : namespaces.stream()
                        .map(namespace -> children(objects, namespace))
                        .toList();
    }

    /** The resource as it was last seen; null if it is not there. */
    @Nullable
    GenericKubernetesResource cluster(ClusterKey key) {
        var name = key.namespace() + "/" + key.name();
        return clusters.stream()
                .map(informer -> informer.getStore().getByKey(name))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** The objects that carry the label of the cluster, without its pods. */
    List<HasMetadata> children(ClusterKey key) {
        var found = new ArrayList<HasMetadata>();
        for (var informer : children) {
            found.addAll(informer.getIndexer().byIndex(BY_CLUSTER, key.toString()));
        }
        return found;
    }

    List<Pod> pods(ClusterKey key) {
        return pods.stream()
                .flatMap(informer -> informer.getIndexer().byIndex(BY_CLUSTER, key.toString()).stream())
                .toList();
    }

    /** The names of all clusters. */
    List<ClusterKey> keys() {
        return clusters.stream()
                .flatMap(informer -> informer.getStore().list().stream())
                .map(ClusterKey::of)
                .toList();
    }

    /** How many clusters there are. */
    int clusters() {
        return clusters.stream()
                .mapToInt(informer -> informer.getStore().list().size())
                .sum();
    }

    @Override
    public void close() {
        closed = true;
        clusters.forEach(SharedIndexInformer::close);
        children.forEach(SharedIndexInformer::close);
        pods.forEach(SharedIndexInformer::close);
    }

    private void watch(@Nullable String namespace) {
        var custom = client.genericKubernetesResources(CLUSTERS);
        var seen = namespace == null ? custom.inAnyNamespace() : custom.inNamespace(namespace);
        clusters.add(informer(seen, new ClusterEvents()));
        children.add(children(client.serviceAccounts(), namespace));
        children.add(children(client.rbac().roles(), namespace));
        children.add(children(client.rbac().roleBindings(), namespace));
        children.add(children(client.configMaps(), namespace));
        children.add(children(client.services(), namespace));
        children.add(children(client.apps().deployments(), namespace));
        children.add(children(client.network().v1().networkPolicies(), namespace));
        children.add(children(client.policy().v1().podDisruptionBudget(), namespace));
        children.add(children(client.autoscaling().v2().horizontalPodAutoscalers(), namespace));
        pods.add(children(client.pods(), namespace));
    }

    private <T extends HasMetadata, L extends KubernetesResourceList<T>> SharedIndexInformer<T> children(
            MixedOperation<T, L, ? extends Resource<T>> kind, @Nullable String namespace) {
        FilterWatchListDeletable<T, L, ? extends Resource<T>> where =
                namespace == null ? kind.inAnyNamespace() : kind.inNamespace(namespace);
        var labelled = where.withLabel(Component.MANAGED_BY_LABEL, Component.MANAGED_BY);
        return informer(labelled, new ChildEvents<T>())
                .addIndexers(Map.of(
                        BY_CLUSTER, child -> List.of(ClusterKey.ofChild(child).toString())));
    }

    private static <T extends HasMetadata> SharedIndexInformer<T> informer(
            Informable<T> kind, ResourceEventHandler<T> events) {
        // No resync of the informer's: it only plays back what it knows; the queue comes back to every cluster by
        // itself.
        return kind.runnableInformer(0).addEventHandler(events).exceptionHandler((started, failure) -> {
            log.warn("watch failed, trying again: {}", failure.toString());
            return true;
        });
    }

    private final class ClusterEvents implements ResourceEventHandler<GenericKubernetesResource> {
        @Override
        public void onAdd(GenericKubernetesResource cluster) {
            respecified.accept(ClusterKey.of(cluster));
        }

        @Override
        public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource after) {
            var same = Objects.equals(
                    before.getMetadata().getGeneration(), after.getMetadata().getGeneration());
            (same ? changed : respecified).accept(ClusterKey.of(after));
        }

        @Override
        public void onDelete(GenericKubernetesResource cluster, boolean unknown) {
            respecified.accept(ClusterKey.of(cluster));
        }
    }

    private final class ChildEvents<T extends HasMetadata> implements ResourceEventHandler<T> {
        @Override
        public void onAdd(T child) {
            changed.accept(ClusterKey.ofChild(child));
        }

        @Override
        public void onUpdate(T before, T after) {
            changed.accept(ClusterKey.ofChild(after));
        }

        @Override
        public void onDelete(T child, boolean unknown) {
            changed.accept(ClusterKey.ofChild(child));
        }
    }
}
