package io.tickstorm.operator;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;

/** What a controller of Deployments would say. */
public final class Deployments {
    private Deployments() {}

    /** As it is when all of its pods are of its newest template, and ready. */
    public static Deployment rolledOut(Deployment deployment) {
        var replicas = deployment.getSpec().getReplicas();
        return new DeploymentBuilder(deployment)
                .withNewStatus()
                .withObservedGeneration(deployment.getMetadata().getGeneration())
                .withReplicas(replicas)
                .withUpdatedReplicas(replicas)
                .withReadyReplicas(replicas)
                .withAvailableReplicas(replicas)
                .endStatus()
                .build();
    }
}
