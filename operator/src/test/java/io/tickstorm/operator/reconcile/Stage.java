package io.tickstorm.operator.reconcile;

import static io.tickstorm.operator.reconcile.Eventually.eventually;
import static io.tickstorm.operator.reconcile.Eventually.written;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tickstorm.operator.ApiServer;
import io.tickstorm.operator.Deployments;
import io.tickstorm.operator.desired.Component;
import io.tickstorm.operator.desired.Defaults;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A namespace with an operator that watches it, and the parts that others would play: the user, and the controller of Deployments. */
final class Stage implements AutoCloseable {
    static final Defaults DEFAULTS = new Defaults("tickstorm/proxy:test", "tickstorm/backend:test", null);

    final KubernetesClient client;
    final String namespace;
    private final Operator operator;

    Stage(ApiServer server) {
        this(server, server.client());
    }

    /** @param operatorClient with what rights the operator acts */
    Stage(ApiServer server, KubernetesClient operatorClient) {
        this(server, operatorClient, false);
    }

    /** @param elected whether the operator waits for the lease */
    Stage(ApiServer server, KubernetesClient operatorClient, boolean elected) {
        client = server.client();
        namespace = server.newNamespace();
        operator = new Operator(
                operatorClient,
                new OperatorSettings(DEFAULTS, List.of(namespace), elected, namespace, "", "test", 0, 0),
                new SimpleMeterRegistry());
        operator.start();
    }

    Operator operator() {
        return operator;
    }

    /** Applies a cluster as {@code kubectl apply --server-side} would. */
    void user(String name, String spec) {
        client.resource("""
                        apiVersion: tickstorm.io/v1alpha1
                        kind: TickStormCluster
                        metadata: {name: %s}
                        spec: %s
                        """.formatted(name, spec))
                .inNamespace(namespace)
                .fieldManager("kubectl")
                .forceConflicts()
                .serverSideApply();
    }

    /** As {@code kubectl annotate} would. */
    void pause(String name, String value) {
        written("annotation of " + name, () -> {
            var cluster = cluster(name);
            cluster.getMetadata().setAnnotations(Map.of(Pause.ANNOTATION, value));
            client.resource(cluster).update();
        });
    }

    /** As {@code kubectl edit} would; waits for the object to be there. */
    <T extends HasMetadata> void edit(Class<T> kind, String name, Consumer<T> change) {
        written(kind.getSimpleName() + " " + name, () -> {
            var object = sees(kind, name);
            change.accept(object);
            client.resource(object).update();
        });
    }

    /** A node port that no other test has: its last digits are those of the namespace. */
    int nodePort(int number) {
        return 31_000 + 10 * Integer.parseInt(namespace.substring("test-".length())) + number;
    }

    /** A spec with listeners on node ports that no other test has. */
    String spec(String more) {
        return "{loadBalancer: {listeners: [{name: http, port: 8080, nodePort: %d}]}%s}".formatted(nodePort(0), more);
    }

    <T extends HasMetadata> T sees(Class<T> kind, String name) {
        return sees(kind, name, object -> true);
    }

    <T extends HasMetadata> T sees(Class<T> kind, String name, Predicate<T> expected) {
        return eventually(
                kind.getSimpleName() + " " + name,
                () -> client.resources(kind)
                        .inNamespace(namespace)
                        .withName(name)
                        .get(),
                expected);
    }

    <T extends HasMetadata> void seesNo(Class<T> kind, String name) {
        eventually(
                "absence of " + kind.getSimpleName() + " " + name,
                () -> client.resources(kind)
                                .inNamespace(namespace)
                                .withName(name)
                                .get()
                        == null,
                absent -> absent);
    }

    GenericKubernetesResource cluster(String name) {
        return client.genericKubernetesResources(Sight.CLUSTERS)
                .inNamespace(namespace)
                .withName(name)
                .get();
    }

    /** Waits for a condition to have the status, and gives the condition. */
    Map<String, Object> seesCondition(String name, String type, String status, String reason) {
        return eventually(
                type + "=" + status + " " + reason + " of " + name,
                () -> condition(name, type),
                condition -> status.equals(condition.get("status")) && reason.equals(condition.get("reason")));
    }

    /** The condition as it is; empty if there is none. */
    Map<String, Object> condition(String name, String type) {
        List<Map<String, Object>> conditions = cluster(name).get("status", "conditions");
        return conditions == null
                ? Map.of()
                : conditions.stream()
                        .filter(condition -> type.equals(condition.get("type")))
                        .findFirst()
                        .orElse(Map.of());
    }

    /** Plays the controller: all pods of the Deployment run and are ready. */
    void controllerRollsOut(String name) {
        written(
                "status of Deployment " + name,
                () -> client.resource(Deployments.rolledOut(sees(Deployment.class, name)))
                        .updateStatus());
    }

    /** Plays the kubelet: a pod of proxies, NAME-proxy-1, that serves, and says its numbers on this port of loopback. */
    void proxyServes(String cluster, int metricsPort) {
        var pod = new PodBuilder()
                .withNewMetadata()
                .withName(cluster + "-proxy-1")
                .withNamespace(namespace)
                .withLabels(Map.of(
                        Component.CLUSTER_LABEL,
                        cluster,
                        Component.COMPONENT_LABEL,
                        Component.PROXY.word(),
                        Component.MANAGED_BY_LABEL,
                        Component.MANAGED_BY))
                .addToAnnotations("example.com/note", "theirs")
                .endMetadata()
                .withNewSpec()
                .withAutomountServiceAccountToken(false)
                .addNewContainer()
                .withName("proxy")
                .withImage("tickstorm/proxy:test")
                .addNewPort()
                .withName("metrics")
                .withContainerPort(metricsPort)
                .endPort()
                .endContainer()
                .endSpec()
                .build();
        client.resource(pod).create();
        client.pods()
                .inNamespace(namespace)
                .withName(cluster + "-proxy-1")
                .editStatus(made -> new PodBuilder(made)
                        .withNewStatus()
                        .withPhase("Running")
                        .withPodIP("127.0.0.1")
                        .addNewCondition()
                        .withType("Ready")
                        .withStatus("True")
                        .endCondition()
                        .endStatus()
                        .build());
    }

    @Override
    public void close() {
        operator.close();
    }
}
