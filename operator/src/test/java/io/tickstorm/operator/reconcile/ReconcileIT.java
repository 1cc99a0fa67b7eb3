package io.tickstorm.operator.reconcile;

import static io.tickstorm.operator.reconcile.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.tickstorm.operator.ApiServer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The operator against a real API server. */
@ExtendWith(ApiServer.Extension.class)
class ReconcileIT {
    private final Stage stage;

    ReconcileIT(ApiServer server) {
        stage = new Stage(server);
    }

    @AfterEach
    void end() {
        stage.close();
    }

    @Test
    void aClusterBecomesItsObjectsAndTheyAreItsOwn() {
        stage.user("demo", stage.spec(""));

        var children = List.of(
                stage.sees(ServiceAccount.class, "demo-proxy"),
                stage.sees(Role.class, "demo-proxy"),
                stage.sees(RoleBinding.class, "demo-proxy"),
                stage.sees(ConfigMap.class, "demo-proxy"),
                stage.sees(Service.class, "demo-backend"),
                stage.sees(Service.class, "demo-proxy"),
                stage.sees(Deployment.class, "demo-backend"),
                stage.sees(Deployment.class, "demo-proxy"),
                stage.sees(PodDisruptionBudget.class, "demo-backend"),
                stage.sees(PodDisruptionBudget.class, "demo-proxy"));
        var uid = stage.cluster("demo").getMetadata().getUid();
        assertThat(children)
                .allSatisfy(child -> assertThat(child.getMetadata().getOwnerReferences())
                        .singleElement()
                        .satisfies(owner -> assertThat(owner.getUid()).isEqualTo(uid)));
        eventually("event Created", () -> events("Created"), messages -> !messages.isEmpty());
    }

    @Test
    void theStatusFollowsThePods() {
        stage.user("demo", stage.spec(""));
        stage.seesCondition("demo", "Ready", "False", "RollingOut");

        stage.controllerRollsOut("demo-backend");
        stage.controllerRollsOut("demo-proxy");

        var ready = stage.seesCondition("demo", "Ready", "True", "Ready");
        var cluster = stage.cluster("demo");
        assertThat(ready.get("message"))
                .asString()
                .contains("3/3 backends", "2/2 proxies", "http:" + stage.nodePort(0));
        assertThat(ready.get("observedGeneration")).isEqualTo(1);
        assertThat(cluster.<Object>get("status", "observedGeneration")).isEqualTo(1);
        assertThat(cluster.<Object>get("status", "backend"))
                .isEqualTo(Map.of(
                        "replicas",
                        3,
                        "readyReplicas",
                        3,
                        "ready",
                        "3/3",
                        "selector",
                        "tickstorm.io/cluster=demo,tickstorm.io/component=backend"));
        assertThat(cluster.<Object>get("status", "loadBalancer", "nodePorts")).isEqualTo("http:" + stage.nodePort(0));
        eventually("event Ready", () -> events("Ready"), messages -> !messages.isEmpty());
    }

    @Test
    void theTimeOfTheLastTransitionStaysWhileTheStatusDoes() {
        stage.user("demo", stage.spec(""));
        var before = stage.seesCondition("demo", "Degraded", "False", "AsExpected");

        stage.user("demo", stage.spec(", backend: {replicas: 4}"));

        var after = eventually(
                "generation 2",
                () -> stage.condition("demo", "Degraded"),
                condition -> Integer.valueOf(2).equals(condition.get("observedGeneration")));
        assertThat(after.get("lastTransitionTime")).isEqualTo(before.get("lastTransitionTime"));
    }

    @Test
    void whatSomebodyChangedIsChangedBackAndWhatIsTheirsIsLeftAlone() {
        stage.user("demo", stage.spec(""));

        stage.edit(Deployment.class, "demo-proxy", deployment -> {
            deployment.getMetadata().getAnnotations().put("example.com/note", "theirs");
            deployment.getSpec().setReplicas(9);
            deployment
                    .getSpec()
                    .getTemplate()
                    .getSpec()
                    .getContainers()
                    .getFirst()
                    .setImage("evil:1");
        });

        var corrected = stage.sees(
                Deployment.class, "demo-proxy", seen -> seen.getSpec().getReplicas() == 2);
        assertThat(corrected
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .getFirst()
                        .getImage())
                .isEqualTo("tickstorm/proxy:test");
        assertThat(corrected.getMetadata().getAnnotations()).containsEntry("example.com/note", "theirs");
    }

    @Test
    void whatSomebodyDeletedComesBack() {
        stage.user("demo", stage.spec(""));
        var service = stage.sees(Service.class, "demo-proxy");

        stage.client.resource(service).delete();

        stage.sees(
                Service.class,
                "demo-proxy",
                seen -> !seen.getMetadata()
                        .getUid()
                        .equals(service.getMetadata().getUid()));
    }

    @Test
    void aLabelThatSomebodyTookAwayComesBack() {
        stage.user("demo", stage.spec(""));

        stage.edit(
                Service.class,
                "demo-backend",
                service -> service.getMetadata().getLabels().remove("app.kubernetes.io/managed-by"));

        stage.sees(
                Service.class,
                "demo-backend",
                seen -> seen.getMetadata().getLabels().containsKey("app.kubernetes.io/managed-by"));
    }

    @Test
    void nothingIsWrittenWhileNothingChanges() {
        stage.user("demo", stage.spec(""));
        stage.controllerRollsOut("demo-backend");
        stage.controllerRollsOut("demo-proxy");
        stage.seesCondition("demo", "Ready", "True", "Ready");
        var before = versions();

        // a pass over the cluster: somebody else's annotation on a child makes one
        stage.edit(
                ConfigMap.class,
                "demo-proxy",
                configuration -> configuration.getMetadata().setAnnotations(Map.of("example.com/note", "theirs")));
        stage.user(
                "other",
                "{loadBalancer: {listeners: [{name: http, port: 8080, nodePort: %d}]}}".formatted(stage.nodePort(1)));
        stage.seesCondition("other", "Ready", "False", "RollingOut");

        assertThat(versions()).isEqualTo(before);
    }

    @Test
    void whatIsWantedNoMoreGoes() {
        stage.user("demo", stage.spec(", autoscaling: {backend: {minReplicas: 2}}"));
        stage.sees(HorizontalPodAutoscaler.class, "demo-backend");

        stage.user("demo", stage.spec(""));

        stage.seesNo(HorizontalPodAutoscaler.class, "demo-backend");
        stage.sees(Deployment.class, "demo-backend");
    }

    @Test
    void anAutoscalerGetsTheReplicasAsTheyAreAndKeepsThem() {
        stage.user("demo", stage.spec(", backend: {replicas: 5}"));
        stage.sees(Deployment.class, "demo-backend", seen -> seen.getSpec().getReplicas() == 5);

        stage.user(
                "demo",
                stage.spec(", backend: {replicas: 5}, autoscaling: {backend: {minReplicas: 2, maxReplicas: 9}}"));
        stage.sees(HorizontalPodAutoscaler.class, "demo-backend");
        var handedOver = stage.sees(
                Deployment.class, "demo-backend", seen -> !owners(seen).contains("tickstorm-operator"));
        assertThat(handedOver.getSpec().getReplicas()).isEqualTo(5);

        // the autoscaler writes, and a change of ours elsewhere does not take it back
        stage.client
                .apps()
                .deployments()
                .inNamespace(stage.namespace)
                .withName("demo-backend")
                .scale(8);
        stage.user(
                "demo",
                stage.spec(
                        ", backend: {replicas: 5, args: [x]}, autoscaling: {backend: {minReplicas: 2, maxReplicas: 9}}"));
        var changed = stage.sees(
                Deployment.class,
                "demo-backend",
                seen -> !seen.getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .getFirst()
                        .getArgs()
                        .isEmpty());
        assertThat(changed.getSpec().getReplicas()).isEqualTo(8);

        // without autoscaling the number is ours again
        stage.user("demo", stage.spec(", backend: {replicas: 4}"));
        stage.sees(Deployment.class, "demo-backend", seen -> seen.getSpec().getReplicas() == 4);
    }

    @Test
    void anInvalidSpecChangesNothingAndNamesEveryProblem() {
        stage.user("demo", stage.spec(""));
        var before = stage.sees(Deployment.class, "demo-backend");
        stage.controllerRollsOut("demo-backend");

        stage.user(
                "demo",
                "{backend: {replicas: 9}, loadBalancer: {listeners: [{name: a, port: 80}, {name: b, port: 81, backendPort: nowhere}]}}");

        var message =
                stage.seesCondition("demo", "Ready", "False", "InvalidSpec").get("message");
        assertThat(message)
                .asString()
                .contains("2 problems", "listeners[0].backendPort", "listeners[1].backendPort: \"nowhere\"");
        assertThat(stage.sees(Deployment.class, "demo-backend").getSpec()).isEqualTo(before.getSpec());
        eventually("event InvalidSpec", () -> events("InvalidSpec"), messages -> !messages.isEmpty());
    }

    @Test
    void aResourceThatCannotBeReadDoesNotKeepTheOthersWaiting() {
        stage.user("odd", "{backend: {replicas: 1}, loadBalancer: {listeners: [{name: a, port: 80}]}}");
        stage.seesCondition("odd", "Ready", "False", "InvalidSpec");

        stage.user("demo", stage.spec(""));

        stage.sees(Deployment.class, "demo-backend");
        stage.seesNo(Deployment.class, "odd-backend");
    }

    @Test
    void aNodePortThatIsTakenIsToldWithWhatToDo() {
        stage.user("first", stage.spec(""));
        stage.sees(Service.class, "first-proxy");

        stage.user("second", stage.spec(""));

        var message = stage.seesCondition("second", "Degraded", "True", "NodePortTaken")
                .get("message");
        assertThat(message)
                .asString()
                .contains(String.valueOf(stage.nodePort(0)), "spec.loadBalancer.listeners[].nodePort");

        // the port becomes free, and the operator comes back by itself
        stage.client
                .genericKubernetesResources(Sight.CLUSTERS)
                .inNamespace(stage.namespace)
                .withName("first")
                .delete();
        stage.client
                .services()
                .inNamespace(stage.namespace)
                .withName("first-proxy")
                .delete();
        stage.sees(Service.class, "second-proxy");
    }

    @Test
    void anObjectOfSomebodyElseIsNotTakenOver() {
        stage.client
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName("demo-proxy")
                        .withNamespace(stage.namespace)
                        .endMetadata()
                        .withData(Map.of("mine", "yes"))
                        .build())
                .create();

        stage.user("demo", stage.spec(""));

        var message =
                stage.seesCondition("demo", "Degraded", "True", "NameTaken").get("message");
        assertThat(message).asString().contains("ConfigMap", "demo-proxy", "give the cluster another name");
        assertThat(stage.sees(ConfigMap.class, "demo-proxy").getData()).isEqualTo(Map.of("mine", "yes"));
    }

    private List<String> events(String reason) {
        return stage.client.v1().events().inNamespace(stage.namespace).list().getItems().stream()
                .filter(event -> reason.equals(event.getReason()))
                .map(Event::getMessage)
                .toList();
    }

    private Map<String, String> versions() {
        var versions = new TreeMap<String, String>();
        for (HasMetadata child : List.of(
                stage.sees(Service.class, "demo-proxy"),
                stage.sees(Service.class, "demo-backend"),
                stage.sees(Deployment.class, "demo-proxy"),
                stage.sees(Deployment.class, "demo-backend"),
                stage.cluster("demo"))) {
            versions.put(
                    child.getKind() + child.getMetadata().getName(),
                    child.getMetadata().getResourceVersion());
        }
        return versions;
    }

    /** Who owns the number of pods. */
    private static List<String> owners(Deployment deployment) {
        return deployment.getMetadata().getManagedFields().stream()
                .filter(entry -> entry.getFieldsV1() != null
                        && entry.getFieldsV1().getAdditionalProperties().get("f:spec") instanceof Map<?, ?> spec
                        && spec.containsKey("f:replicas"))
                .map(entry -> entry.getManager())
                .toList();
    }
}
