package io.tickstorm.operator.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tickstorm.operator.crd.TickStormCluster;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the objects of a cluster onto the API server by server-side apply, and takes away those that are wanted no more.
 *
 * <p>An object is applied again when what we want of it changed, or when it no longer looks as it did after our last apply: then somebody changed it, and the server
 * finds out whether that was a field of ours. What others own (an autoscaler's replicas, a controller's annotations, the status) stays theirs. What was applied is
 * remembered here and not on the object, so the first pass of a new leader applies everything once; to the server that is nothing new.
 */
final class Children {
    /** Our name among the owners of fields. */
    static final String FIELD_MANAGER = "tickstorm-operator";

    private static final Logger log = LoggerFactory.getLogger(Children.class);

    private final KubernetesClient client;
    private final Replicas replicas;
    private final ServicePorts ports;
    private final Map<ObjectKey, Applied> applied = new ConcurrentHashMap<>();

    Children(KubernetesClient client) {
        this.client = client;
        this.replicas = new Replicas(client);
        this.ports = new ServicePorts(client);
    }

    /**
     * What bringing the objects came to.
     *
     * @param corrected what somebody else had changed in which object, in words
     * @param deleted what was wanted no more
     */
    record Outcome(
            List<HasMetadata> created, List<String> corrected, List<HasMetadata> deleted, List<Trouble> troubles) {
        Outcome() {
            this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }
    }

    private record ObjectKey(String kind, String namespace, String name) {
        static ObjectKey of(HasMetadata object) {
            return new ObjectKey(
                    object.getKind(),
                    object.getMetadata().getNamespace(),
                    object.getMetadata().getName());
        }
    }

    /** What was wanted, whether its number of pods was an autoscaler's, and how the object looked then. */
    private record Applied(HasMetadata desired, boolean autoscaled, Look look) {
        boolean holds(HasMetadata wanted, boolean scaled, HasMetadata seen) {
            return desired.equals(wanted) && autoscaled == scaled && look.equals(Look.of(seen));
        }
    }

    /**
     * Applies what is desired and deletes what is not. Goes on after a failure, so that one object that is refused does not keep the others away.
     *
     * @param seen the objects of the cluster as they were last seen
     */
    Outcome bring(TickStormCluster cluster, List<HasMetadata> desired, List<HasMetadata> seen) {
        var outcome = new Outcome();
        for (var object : desired) {
            try {
                apply(cluster, object, find(seen, object), scaled(desired, object), outcome);
            } catch (ForeignObjectException e) {
                outcome.troubles().add(Refusal.foreign(e.there()));
            } catch (KubernetesClientException e) {
                outcome.troubles().add(Refusal.of(object, e));
            }
        }
        prune(cluster, desired, seen, outcome);
        return outcome;
    }

    /** The cluster is gone, and with it its objects. */
    void forget(ClusterKey key) {
        applied.values().removeIf(last -> ClusterKey.ofChild(last.desired()).equals(key));
    }

    private void apply(
            TickStormCluster cluster,
            HasMetadata desired,
            @Nullable HasMetadata seen,
            boolean autoscaled,
            Outcome outcome) {
        var key = ObjectKey.of(desired);
        var last = applied.get(key);
        if (seen != null && last != null && last.holds(desired, autoscaled, seen)) {
            return;
        }
        var there = seen == null ? client.resource(desired).get() : seen;
        if (there != null && !ownedBy(cluster, there)) {
            throw new ForeignObjectException(there);
        }
        var sent = autoscaled && there != null ? replicas.handOver(desired, there) : desired;
        var now = apply(sent, there);
        applied.put(key, new Applied(desired, autoscaled, Look.of(now)));
        log.info(
                "{} {}: {} {}",
                ClusterKey.ofChild(desired),
                there == null ? "created" : "applied",
                desired.getKind(),
                desired.getMetadata().getName());
        if (there == null) {
            outcome.created().add(now);
        } else if (last != null && last.desired().equals(desired) && last.autoscaled() == autoscaled) {
            corrected(there, now, outcome);
        }
    }

    private HasMetadata apply(HasMetadata object, @Nullable HasMetadata there) {
        if (object instanceof Service wanted
                && there instanceof Service found
                && ServicePorts.contested(wanted, found)) {
            ports.set(wanted);
            var applied = apply(wanted);
            ports.disown(applied);
            return applied;
        }
        return apply(object);
    }

    private HasMetadata apply(HasMetadata object) {
        return client.resource(object)
                .fieldManager(FIELD_MANAGER)
                .forceConflicts()
                .serverSideApply();
    }

    /** Whoever changed only what is not ours has his way, and nothing is said of it. */
    private static void corrected(HasMetadata there, HasMetadata now, Outcome outcome) {
        var differences = Differences.between(Look.of(there), Look.of(now));
        if (!differences.isEmpty()) {
            outcome.corrected().add(now.getKind() + " " + now.getMetadata().getName() + ": " + differences);
        }
    }

    private void prune(TickStormCluster cluster, List<HasMetadata> desired, List<HasMetadata> seen, Outcome outcome) {
        var wanted = new HashSet<ObjectKey>();
        desired.forEach(object -> wanted.add(ObjectKey.of(object)));
        for (var object : seen) {
            var key = ObjectKey.of(object);
            if (!wanted.contains(key)
                    && ownedBy(cluster, object)
                    && object.getMetadata().getDeletionTimestamp() == null) {
                delete(cluster, object, outcome);
            }
        }
    }

    private void delete(TickStormCluster cluster, HasMetadata object, Outcome outcome) {
        try {
            client.resource(object).delete();
            applied.remove(ObjectKey.of(object));
            outcome.deleted().add(object);
            log.info(
                    "{} deleted: {} {}",
                    ClusterKey.of(cluster),
                    object.getKind(),
                    object.getMetadata().getName());
        } catch (KubernetesClientException e) {
            outcome.troubles().add(Refusal.ofDeletion(object, e));
        }
    }

    static boolean ownedBy(TickStormCluster cluster, HasMetadata object) {
        return object.getMetadata().getOwnerReferences().stream()
                .anyMatch(owner -> Boolean.TRUE.equals(owner.getController())
                        && owner.getUid().equals(cluster.getMetadata().getUid()));
    }

    private static boolean scaled(List<HasMetadata> desired, HasMetadata object) {
        return object.getKind().equals("Deployment")
                && desired.stream()
                        .filter(HorizontalPodAutoscaler.class::isInstance)
                        .anyMatch(autoscaler -> autoscaler
                                .getMetadata()
                                .getName()
                                .equals(object.getMetadata().getName()));
    }

    private static @Nullable HasMetadata find(List<HasMetadata> seen, HasMetadata object) {
        var key = ObjectKey.of(object);
        return seen.stream()
                .filter(candidate -> ObjectKey.of(candidate).equals(key))
                .findFirst()
                .orElse(null);
    }

    /** An object of the name that we want, and not ours. */
    private static final class ForeignObjectException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient HasMetadata there;

        ForeignObjectException(HasMetadata there) {
            super(there.getKind() + " " + there.getMetadata().getName(), null, false, false);
            this.there = there;
        }

        HasMetadata there() {
            return there;
        }
    }
}
