package io.tickstorm.cli.kube;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.tickstorm.operator.ApiServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** A cluster with a proxy and a backend of which nobody is there, in a namespace of its own, and who may look at it. */
final class Shop {
    /** What no bundle may have. */
    static final String PLANTED = "Hunter2-planted";

    private static final Path ROLES = Path.of("../k8s/cli/roles.yaml");

    final KubernetesClient client;
    final String namespace;
    private final ApiServer server;
    private final Path folder;

    /** @param folder for kubeconfigs */
    Shop(ApiServer server, Path folder) {
        this.server = server;
        this.folder = folder;
        this.client = server.client();
        this.namespace = server.newNamespace();
        client.resource("""
                        apiVersion: tickstorm.io/v1alpha1
                        kind: TickStormCluster
                        metadata: {name: shop}
                        spec:
                          backend: {image: 'shop:1', ports: {http: 8000}, env: [{name: DB_PASSWORD, value: %s}]}
                          loadBalancer: {admin: {tokenSecret: {name: proxy-admin}}}
                        """.formatted(PLANTED)).inNamespace(namespace).create();
        var cluster = cluster();
        cluster.setAdditionalProperty(
                "status",
                Map.of(
                        "observedGeneration",
                        1,
                        "conditions",
                        List.of(Map.of(
                                "type",
                                "Ready",
                                "status",
                                "False",
                                "observedGeneration",
                                1,
                                "lastTransitionTime",
                                "2026-01-01T00:00:00Z",
                                "reason",
                                "ImagePullFailed",
                                "message",
                                "see the image"))));
        client.resource(cluster).inNamespace(namespace).updateStatus();
        pod("shop-proxy-1", "proxy", "Running", "");
        pod("shop-backend-1", "backend", "Pending", "ImagePullBackOff");
        client.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName("proxy-admin")
                        .endMetadata()
                        .withStringData(Map.of("token", "the-admin-token\n"))
                        .build())
                .inNamespace(namespace)
                .create();
    }

    GenericKubernetesResource cluster() {
        return client.genericKubernetesResources("tickstorm.io/v1alpha1", "TickStormCluster")
                .inNamespace(namespace)
                .withName("shop")
                .get();
    }

    void rollout(Map<String, Object> rollout) {
        var cluster = cluster();
        cluster.setAdditionalProperty(
                "status", Map.of("observedGeneration", 1, "conditions", List.of(), "rollout", rollout));
        client.resource(cluster).inNamespace(namespace).updateStatus();
    }

    private void pod(String name, String component, String phase, String waiting) {
        Pod pod = new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .addToLabels("tickstorm.io/cluster", "shop")
                .addToLabels("tickstorm.io/component", component)
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName(component)
                .withImage("any")
                .addNewEnv()
                .withName("TOKEN")
                .withValue(PLANTED)
                .endEnv()
                .endContainer()
                .endSpec()
                .build();
        client.resource(pod).inNamespace(namespace).create();
        var status = new PodBuilder(pod).withNewStatus().withPhase(phase).withPodIP("10.0.0.1");
        if (waiting.isEmpty()) {
            status.addNewCondition().withType("Ready").withStatus("True").endCondition();
        } else {
            status.addNewContainerStatus()
                    .withName(component)
                    .withImage("any")
                    .withImageID("")
                    .withReady(false)
                    .withRestartCount(0)
                    .withNewState()
                    .withNewWaiting()
                    .withReason(waiting)
                    .withMessage("no such image")
                    .endWaiting()
                    .endState()
                    .endContainerStatus();
        }
        client.resource(status.endStatus().build()).inNamespace(namespace).updateStatus();
    }

    String admin() throws IOException {
        return Files.writeString(folder.resolve("admin.kubeconfig"), server.kubeConfig())
                .toString();
    }

    /** A kubeconfig with these roles of {@code k8s/cli} and no others. */
    String account(String name, String... roles) throws IOException {
        client.resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .inNamespace(namespace)
                .create();
        client.load(Files.newInputStream(ROLES)).inNamespace(namespace).serverSideApply();
        for (var role : roles) {
            if (!role.isEmpty()) {
                client.resource(new RoleBindingBuilder()
                                .withNewMetadata()
                                .withName(name + "-" + role)
                                .endMetadata()
                                .withNewRoleRef("rbac.authorization.k8s.io", "Role", role)
                                .addNewSubject("", "ServiceAccount", name, namespace)
                                .build())
                        .inNamespace(namespace)
                        .create();
            }
        }
        var token = new JsonObject(client.raw(
                        "/api/v1/namespaces/" + namespace + "/serviceaccounts/" + name + "/token",
                        "POST",
                        Map.of("apiVersion", "authentication.k8s.io/v1", "kind", "TokenRequest", "spec", Map.of())))
                .getJsonObject("status")
                .getString("token");
        return write(name, apiServer(), new JsonObject().put("token", token));
    }

    /** Where it is and whom to trust, as the server's own kubeconfig has it. */
    private JsonObject apiServer() {
        var said = new JsonObject();
        if (new Load(LoadSettings.builder().build()).loadFromString(server.kubeConfig()) instanceof Map<?, ?> config
                && config.get("clusters") instanceof List<?> clusters
                && clusters.getFirst() instanceof Map<?, ?> named
                && named.get("cluster") instanceof Map<?, ?> cluster) {
            cluster.forEach((key, value) -> said.put(String.valueOf(key), value));
        }
        return said;
    }

    String write(String name, JsonObject cluster, JsonObject user) throws IOException {
        var config = new JsonObject()
                .put("apiVersion", "v1")
                .put("kind", "Config")
                .put("current-context", "test")
                .put(
                        "clusters",
                        new JsonArray().add(new JsonObject().put("name", "test").put("cluster", cluster)))
                .put(
                        "users",
                        new JsonArray().add(new JsonObject().put("name", "test").put("user", user)))
                .put(
                        "contexts",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("name", "test")
                                        .put(
                                                "context",
                                                new JsonObject()
                                                        .put("cluster", "test")
                                                        .put("user", "test"))));
        return Files.writeString(folder.resolve(name + ".kubeconfig"), config.encode())
                .toString();
    }
}
