package io.tickstorm.operator.reconcile;

import static io.tickstorm.operator.reconcile.Eventually.written;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tickstorm.operator.ApiServer;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A quota of the namespace, which the admission of a real API server enforces; the test plays the controllers, of quotas and of Deployments. */
@ExtendWith(ApiServer.Extension.class)
class QuotaIT {
    private final Stage stage;

    QuotaIT(ApiServer server) {
        stage = new Stage(server);
    }

    @AfterEach
    void end() {
        stage.close();
    }

    @Test
    void podsThatTheQuotaRefusesAreToldInTheWordsOfTheApiServerUntilItIsRaised() {
        quota("pods", "0");
        stage.user("demo", stage.spec(""));
        var deployment = stage.sees(Deployment.class, "demo-proxy");

        var refusal = catchThrowableOfType(KubernetesClientException.class, () -> pod(deployment));
        assertThat(refusal).isNotNull();
        failed(deployment, refusal.getStatus().getMessage());

        assertThat(stage.seesCondition("demo", "Degraded", "True", "PodsRefused")
                        .get("message"))
                .asString()
                .contains(
                        "exceeded quota: small",
                        "pods=1",
                        "limited: pods=0",
                        "raise the ResourceQuota of the namespace, or lower spec.loadBalancer.replicas");
        quota("pods", "10");
        pod(deployment);
        stage.controllerRollsOut("demo-backend");
        stage.controllerRollsOut("demo-proxy");
        stage.seesCondition("demo", "Degraded", "False", "AsExpected");
    }

    @Test
    void objectsThatTheQuotaRefusesAreMadeOnceItIsRaised() {
        quota("services.nodeports", "0");
        stage.user("demo", stage.spec(""));

        assertThat(stage.seesCondition("demo", "Degraded", "True", "QuotaExceeded")
                        .get("message"))
                .asString()
                .contains("exceeded quota: small", "demo-proxy");
        quota("services.nodeports", "10");

        // tried again by itself, after ever longer pauses
        stage.sees(Service.class, "demo-proxy");
    }

    /** A quota of which nothing is used, as its controller would find. */
    private void quota(String resource, String hard) {
        var most = Map.of(resource, new Quantity(hard));
        stage.client
                .resource(new ResourceQuotaBuilder()
                        .withNewMetadata()
                        .withName("small")
                        .withNamespace(stage.namespace)
                        .endMetadata()
                        .withNewSpec()
                        .withHard(most)
                        .endSpec()
                        .build())
                .serverSideApply();
        written(
                "status of the quota",
                () -> stage.client
                        .resources(ResourceQuota.class)
                        .inNamespace(stage.namespace)
                        .withName("small")
                        .editStatus(quota -> new ResourceQuotaBuilder(quota)
                                .withNewStatus()
                                .withHard(most)
                                .withUsed(Map.of(resource, new Quantity("0")))
                                .endStatus()
                                .build()));
    }

    /** What the controller would make of the template. */
    private void pod(Deployment deployment) {
        var template = deployment.getSpec().getTemplate();
        stage.client
                .resource(new PodBuilder()
                        .withNewMetadata()
                        .withGenerateName("demo-proxy-")
                        .withNamespace(stage.namespace)
                        .withLabels(template.getMetadata().getLabels())
                        .endMetadata()
                        .withSpec(template.getSpec())
                        .build())
                .create();
    }

    /** What the controller says of a pod that it cannot make. */
    private void failed(Deployment deployment, String message) {
        stage.client
                .resource(new DeploymentBuilder(deployment)
                        .withNewStatus()
                        .withObservedGeneration(deployment.getMetadata().getGeneration())
                        .addNewCondition()
                        .withType("ReplicaFailure")
                        .withStatus("True")
                        .withReason("FailedCreate")
                        .withMessage(message)
                        .endCondition()
                        .endStatus()
                        .build())
                .updateStatus();
    }
}
