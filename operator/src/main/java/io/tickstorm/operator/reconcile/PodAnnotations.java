package io.tickstorm.operator.reconcile;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Changes annotations of pods on the API server. */
final class PodAnnotations implements Propagation.Annotator {
    private static final Logger log = LoggerFactory.getLogger(PodAnnotations.class);
    private static final int NOT_FOUND = 404;

    private final KubernetesClient client;

    PodAnnotations(KubernetesClient client) {
        this.client = client;
    }

    @Override
    public void annotate(Pod pod, String key, String value) {
        var change = new PodBuilder()
                .withNewMetadata()
                .addToAnnotations(key, value)
                .endMetadata()
                .build();
        try {
            // No apply: that would make a pod of a pod that has just gone.
            client.pods()
                    .inNamespace(pod.getMetadata().getNamespace())
                    .withName(pod.getMetadata().getName())
                    .patch(PatchContext.of(PatchType.JSON_MERGE), change);
        } catch (KubernetesClientException e) {
            if (e.getCode() != NOT_FOUND) {
                log.warn(
                        "{}/{} cannot be annotated, its kubelet will come by itself in a minute or two: {}",
                        pod.getMetadata().getNamespace(),
                        pod.getMetadata().getName(),
                        e.getMessage());
            }
        }
    }
}
