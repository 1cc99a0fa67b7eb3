package io.tickstorm.operator.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Map;

/**
 * Leaves the number of pods to an autoscaler without a dip.
 *
 * <p>A field that its only owner no longer applies is removed, and a Deployment without {@code replicas} has one pod. So before we stop applying the number, another
 * owner takes it over as it is; the autoscaler's first write then takes it from that owner. When autoscaling ends, we apply the number again and so own it again.
 */
final class Replicas {
    private static final String HOLDER = Children.FIELD_MANAGER + "-replicas";
    private static final int CONFLICT = 409;

    private final KubernetesClient client;

    Replicas(KubernetesClient client) {
        this.client = client;
    }

    /** The Deployment to apply: without the number of pods, which is somebody else's from now on. */
    Deployment handOver(HasMetadata desired, HasMetadata there) {
        if (there instanceof Deployment deployment && owned(deployment)) {
            hold(deployment);
        }
        return new DeploymentBuilder((Deployment) desired)
                .editSpec()
                .withReplicas(null)
                .endSpec()
                .build();
    }

    private void hold(Deployment there) {
        var held = new DeploymentBuilder()
                .withNewMetadata()
                .withName(there.getMetadata().getName())
                .withNamespace(there.getMetadata().getNamespace())
                .endMetadata()
                .withNewSpec()
                .withReplicas(there.getSpec().getReplicas())
                .endSpec()
                .build();
        try {
            // Not by force: a conflict means that the number has changed since we saw it, and so has another owner
            // already.
            client.resource(held).fieldManager(HOLDER).serverSideApply();
        } catch (KubernetesClientException e) {
            if (e.getCode() != CONFLICT) {
                throw e;
            }
        }
    }

    /** Whether we own the number of pods. */
    private static boolean owned(Deployment deployment) {
        return deployment.getMetadata().getManagedFields().stream()
                .filter(entry ->
                        Children.FIELD_MANAGER.equals(entry.getManager()) && "Apply".equals(entry.getOperation()))
                .anyMatch(Replicas::holdsReplicas);
    }

    private static boolean holdsReplicas(ManagedFieldsEntry entry) {
        return entry.getFieldsV1() != null
                && entry.getFieldsV1().getAdditionalProperties().get("f:spec") instanceof Map<?, ?> spec
                && spec.containsKey("f:replicas");
    }
}
