package io.tickstorm.operator.reconcile;

import static io.tickstorm.operator.reconcile.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tickstorm.operator.ApiServer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How the operator behaves towards people: it can be told to pause, says what it did, takes away what is wanted no more, and keeps to the strictest profile. */
@ExtendWith(ApiServer.Extension.class)
class MannersIT {
    private final Stage stage;

    MannersIT(ApiServer server) {
        stage = new Stage(server);
    }

    @AfterEach
    void end() {
        stage.close();
    }

    @Test
    void aPausedClusterIsReportedOnAndNothingOfItIsChanged() {
        stage.user("demo", stage.spec(""));
        stage.sees(Service.class, "demo-proxy");
        stage.controllerRollsOut("demo-backend");
        stage.pause("demo", "true");
        stage.seesCondition("demo", "Paused", "True", "Asked");
        stage.seesCondition("demo", "Ready", "Unknown", "Paused");

        stage.client
                .services()
                .inNamespace(stage.namespace)
                .withName("demo-proxy")
                .delete();
        stage.user("demo", stage.spec(", backend: {replicas: 5}"));
        eventually(
                "the new generation seen",
                () -> stage.condition("demo", "Paused"),
                condition -> Integer.valueOf(2).equals(condition.get("observedGeneration")));

        assertThat(stage.client
                        .services()
                        .inNamespace(stage.namespace)
                        .withName("demo-proxy")
                        .get())
                .isNull();
        assertThat(stage.sees(Deployment.class, "demo-backend").getSpec().getReplicas())
                .isEqualTo(3);
        assertThat(stage.cluster("demo").<Object>get("status", "backend", "ready"))
                .isEqualTo("3/3");
        told("Paused", "tickstorm.io/pause-reconciliation");

        stage.pause("demo", "false");

        stage.sees(Service.class, "demo-proxy");
        stage.sees(Deployment.class, "demo-backend", seen -> seen.getSpec().getReplicas() == 5);
        stage.seesCondition("demo", "Paused", "False", "NotAsked");
        told("Resumed", "");
    }

    @Test
    void aPauseThatIsNotClearIsNotGuessed() {
        stage.user("demo", stage.spec(""));
        stage.sees(Deployment.class, "demo-backend");

        stage.pause("demo", "yes");

        var message =
                stage.seesCondition("demo", "Ready", "False", "InvalidSpec").get("message");
        assertThat(message)
                .asString()
                .contains("tickstorm.io/pause-reconciliation", "\"yes\"", "expected: \"true\" or \"false\"");
    }

    @Test
    void whoeverChangesAnObjectIsToldWhatWasChangedBack() {
        stage.user("demo", stage.spec(""));

        stage.edit(Service.class, "demo-health", service -> {
            service.getSpec().getPorts().getFirst().setPort(99);
            service.getMetadata().getLabels().put("example.com/mine", "yes");
        });

        told("Corrected", "Service demo-health: spec.ports");
        var corrected =
                stage.sees(Service.class, "demo-health", seen -> ports(seen).equals(List.of(8081)));
        assertThat(corrected.getMetadata().getLabels()).containsEntry("example.com/mine", "yes");
    }

    @Test
    void aPortThatWasRenumberedAndTakenBackStillGoesWithItsListener() {
        stage.user("demo", stage.spec(""));
        stage.edit(
                Service.class,
                "demo-proxy",
                service -> service.getSpec().getPorts().getFirst().setPort(99));
        stage.sees(Service.class, "demo-proxy", seen -> ports(seen).equals(List.of(8080)));

        stage.user(
                "demo",
                "{loadBalancer: {listeners: [{name: http, port: 8085, nodePort: %d}]}}".formatted(stage.nodePort(0)));

        stage.sees(Service.class, "demo-proxy", seen -> ports(seen).equals(List.of(8085)));
        assertThat(stage.condition("demo", "Degraded").get("status")).isEqualTo("False");
    }

    @Test
    void whoeverChangesOnlyWhatIsNotOursIsLeftAlone() {
        stage.user("demo", stage.spec(""));

        stage.edit(
                Service.class,
                "demo-health",
                service -> service.getMetadata().getLabels().put("example.com/mine", "yes"));
        // something that the operator answers to, after it has seen that
        stage.client
                .services()
                .inNamespace(stage.namespace)
                .withName("demo-metrics")
                .delete();
        stage.sees(Service.class, "demo-metrics", seen -> seen.getMetadata().getDeletionTimestamp() == null);
        told("Created", "Service demo-metrics");

        assertThat(events("Corrected")).isEmpty();
        assertThat(stage.sees(Service.class, "demo-health").getMetadata().getLabels())
                .containsEntry("example.com/mine", "yes");
    }

    @Test
    void aSectionAndAListenerThatAreRemovedTakeTheirObjectsWithThem() {
        stage.user(
                "demo",
                "{networkPolicy: {backendAccess: Proxies}, loadBalancer: {listeners: [{name: http, port: 8080, nodePort: %d}, {name: tcp, port: 8090, protocol: TCP, nodePort: %d}]}}"
                        .formatted(stage.nodePort(0), stage.nodePort(1)));
        stage.sees(NetworkPolicy.class, "demo-backend");
        stage.sees(
                Service.class, "demo-proxy", seen -> seen.getSpec().getPorts().size() == 2);

        stage.user("demo", stage.spec(""));

        stage.seesNo(NetworkPolicy.class, "demo-backend");
        stage.sees(
                Service.class,
                "demo-proxy",
                seen -> seen.getSpec().getPorts().stream()
                        .map(ServicePort::getName)
                        .toList()
                        .equals(List.of("http")));
        told("Deleted", "NetworkPolicy demo-backend");
    }

    @Test
    void ourPodsAreTakenByANamespaceThatEnforcesTheRestrictedProfile() {
        stage.client.namespaces().withName(stage.namespace).edit(namespace -> {
            namespace.getMetadata().getLabels().put("pod-security.kubernetes.io/enforce", "restricted");
            return namespace;
        });

        stage.user("demo", stage.spec(", backend: {env: [{name: A, value: b}]}"));

        assertThat(podOf(stage.sees(Deployment.class, "demo-backend"))).isNotNull();
        assertThat(podOf(stage.sees(Deployment.class, "demo-proxy"))).isNotNull();

        // and the namespace does refuse what is not restricted
        stage.user(
                "own",
                "{backend: {image: 'shop:1', ports: {http: 80}}, loadBalancer: {listeners: [{name: http, port: 80, nodePort: %d}]}}"
                        .formatted(stage.nodePort(2)));
        var own = stage.sees(Deployment.class, "own-backend");
        var refusal = catchThrowableOfType(KubernetesClientException.class, () -> podOf(own));
        assertThat(refusal).isNotNull();
        assertThat(refusal.getMessage()).contains("violates PodSecurity");
    }

    private static List<Integer> ports(Service service) {
        return service.getSpec().getPorts().stream().map(ServicePort::getPort).toList();
    }

    /** Plays the controller that makes the pods of a Deployment, as far as the admission of one. */
    private Pod podOf(Deployment deployment) {
        var template = deployment.getSpec().getTemplate();
        var pod = new PodBuilder()
                .withNewMetadata()
                .withGenerateName(deployment.getMetadata().getName() + "-")
                .withLabels(template.getMetadata().getLabels())
                .endMetadata()
                .withSpec(template.getSpec())
                .build();
        return stage.client
                .pods()
                .inNamespace(stage.namespace)
                .resource(pod)
                .dryRun()
                .create();
    }

    private void told(String reason, String part) {
        eventually(
                "event " + reason + " of " + part,
                () -> events(reason),
                messages -> messages.stream().anyMatch(message -> message.contains(part)));
    }

    private List<String> events(String reason) {
        return stage.client.v1().events().inNamespace(stage.namespace).list().getItems().stream()
                .filter(event -> reason.equals(event.getReason()))
                .map(Event::getMessage)
                .toList();
    }
}
