package io.tickstorm.operator.reconcile;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cluster that comes with an installation. It is applied as soon as the API server knows its kind, which was defined a moment ago; what the installation names is
 * the installation's, whoever changed it since, and what it names no more goes back to its default.
 */
public final class InstalledCluster {
    static final String FIELD_MANAGER = "tickstorm-chart";

    private static final Logger log = LoggerFactory.getLogger(InstalledCluster.class);

    /** A definition is established within a second or so; this is for API servers that start just now. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final int BAD_REQUEST = 400;
    private static final int INVALID = 422;
    private static final int INTERNAL = 500;

    private final KubernetesClient client;
    private final String owner;
    private final InstantSource clock;
    private final Pause pause;

    /** How one waits for the next attempt. */
    public interface Pause {
        void over(Duration time) throws InterruptedException;
    }

    /** @param owner the ConfigMap with which the cluster goes; empty = it stays until somebody deletes it */
    public InstalledCluster(KubernetesClient client, String owner, InstantSource clock, Pause pause) {
        this.client = client;
        this.owner = owner;
        this.clock = clock;
        this.pause = pause;
    }

    /** What became of it. */
    public enum Ending {
        APPLIED,
        /** It is wrong and will be. */
        REFUSED,
        /** It could not be done in time. */
        FAILED
    }

    /**
     * Applies the cluster and says in the log what became of it. Blocks.
     *
     * @param manifest YAML
     */
    public Ending apply(String manifest) throws InterruptedException {
        var cluster = client.getKubernetesSerialization().unmarshal(manifest, GenericKubernetesResource.class);
        var name = cluster.getMetadata().getNamespace() + "/"
                + cluster.getMetadata().getName();
        var end = clock.instant().plus(PATIENCE);
        var said = "";
        while (true) {
            String obstacle;
            try {
                cluster.getMetadata()
                        .setOwnerReferences(owners(cluster.getMetadata().getNamespace()));
                applyOnce(cluster);
                log.info("{}: applied", name);
                return Ending.APPLIED;
            } catch (KubernetesClientException e) {
                obstacle = said(e);
                if (wrong(e)) {
                    log.error("{}: {}", name, obstacle);
                    return Ending.REFUSED;
                }
            }
            if (clock.instant().isAfter(end)) {
                log.error("{}: given up after {} s: {}", name, PATIENCE.toSeconds(), obstacle);
                return Ending.FAILED;
            }
            if (!obstacle.equals(said)) {
                log.info("{}: not yet: {}", name, obstacle);
                said = obstacle;
            }
            pause.over(PAUSE);
        }
    }

    private void applyOnce(GenericKubernetesResource cluster) {
        client.genericKubernetesResources(Sight.CLUSTERS)
                .inNamespace(cluster.getMetadata().getNamespace())
                .resource(cluster)
                .fieldManager(FIELD_MANAGER)
                .forceConflicts()
                .serverSideApply();
    }

    private List<OwnerReference> owners(String namespace) {
        if (owner.isEmpty()) {
            return List.of();
        }
        var map = client.configMaps().inNamespace(namespace).withName(owner).get();
        if (map == null) {
            throw new KubernetesClientException("ConfigMap " + owner + " is not there");
        }
        return List.of(new OwnerReferenceBuilder()
                .withApiVersion(map.getApiVersion())
                .withKind(map.getKind())
                .withName(map.getMetadata().getName())
                .withUid(map.getMetadata().getUid())
                .build());
    }

    /** Whether another attempt would end the same way. A field that the kind does not have comes as an internal error. */
    private static boolean wrong(KubernetesClientException refusal) {
        return refusal.getCode() == BAD_REQUEST
                || refusal.getCode() == INVALID
                || refusal.getCode() == INTERNAL && said(refusal).contains("field not declared in schema");
    }

    private static String said(KubernetesClientException refusal) {
        var status = refusal.getStatus();
        @Nullable String message = status == null ? null : status.getMessage();
        return message == null ? String.valueOf(refusal.getMessage()) : message;
    }
}
