package io.tickstorm.cli.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.tickstorm.cli.Launcher;
import io.tickstorm.operator.ApiServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** A real API server without a kubelet: resources, pods and rights are real, no port can be forwarded and no log read. */
@Timeout(180)
@ExtendWith(ApiServer.Extension.class)
class KubeCommandsIT {
    private static final Path ROLES = Path.of("../k8s/cli/roles.yaml");
    private static final String PLANTED = "Hunter2-planted";

    @TempDir
    private Path folder;

    private final ApiServer server;
    private final KubernetesClient client;
    private final String namespace;
    private final Launcher launcher = new Launcher();

    KubeCommandsIT(ApiServer server) {
        this.server = server;
        this.client = server.client();
        this.namespace = server.newNamespace();
    }

    @BeforeEach
    void aClusterWithPods() {
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

    @Test
    void statusReadsWhatItMayAndSaysOfAPortThatCannotBeForwardedWhy() throws Exception {
        var config = account("look", "tickstorm-look");

        assertThat(launcher.run("status", "shop", "--kubeconfig", config, "-n", namespace))
                .as(launcher.complained())
                .isEqualTo(3);

        assertThat(launcher.said())
                .contains(
                        "shop  (context test, namespace " + namespace + ")",
                        "resource: not Ready (ImagePullFailed): see the image",
                        "proxies: 0 of 1 answer",
                        "shop-proxy-1, ready, does not answer: ",
                        "the API server cannot forward its port: status 400 (expected: a pod that runs, on a node whose kubelet answers)",
                        "shop-backend-1, ImagePullBackOff",
                        "! shop-backend-1: ImagePullBackOff: no such image");
    }

    @Test
    void everyCommandThatLooksNeedsNoMoreThanTheRoleSays() throws Exception {
        var config = account("all", "tickstorm-look");

        assertThat(launcher.run("top", "--kubeconfig", config, "-n", namespace, "--every", "10ms"))
                .as(launcher.complained())
                .isZero();
        assertThat(launcher.said()).contains("not counted, for no answer: shop-proxy-1");
        assertThat(launcher.run("rollout", "status", "--kubeconfig", config, "-n", namespace))
                .isZero();
        assertThat(launcher.run("why", "shop-proxy-1", "--kubeconfig", config, "-n", namespace))
                .isZero();
        assertThat(launcher.said()).contains("shop-proxy-1: does not answer");
        assertThat(launcher.run("why", "shop-backend-1", "--kubeconfig", config, "-n", namespace))
                .isEqualTo(3);
        assertThat(launcher.said())
                .contains(
                        "shop-backend-1 gets no new work: no proxy that answers knows of it.",
                        "ImagePullBackOff: no such image",
                        "Not asked: shop-proxy-1: ");
        var file = folder.resolve("bundle.tar.gz").toString();
        assertThat(launcher.run("bundle", "--kubeconfig", config, "-n", namespace, "--file", file, "-o", "json"))
                .isEqualTo(3);
        var missing = new JsonObject(launcher.said()).getJsonObject("missing").getMap();
        // A role cannot give a kubelet, and the operator's namespace is another one.
        assertThat(missing.keySet())
                .allMatch(
                        name -> name.startsWith("operator/") || name.contains("/proxies/") || name.contains("/logs/"));
        assertThat(missing.entrySet())
                .filteredOn(entry -> !entry.getKey().startsWith("operator/"))
                .noneMatch(entry -> String.valueOf(entry.getValue()).contains("not allowed"));
    }

    @Test
    void withoutARightTheAnswerNamesIt() throws Exception {
        var config = account("nobody", "");

        assertThat(launcher.run("status", "--kubeconfig", config, "-n", namespace))
                .isEqualTo(1);

        assertThat(launcher.complained())
                .startsWith("tickstorm: not allowed: tickstormclusters.tickstorm.io is forbidden: User")
                .contains("cannot list resource \"tickstormclusters\"");
    }

    @Test
    void whoMayNotForwardPortsIsToldWhichRightIsMissing() throws Exception {
        client.resource(new RoleBuilder()
                        .withNewMetadata()
                        .withName("no-ports")
                        .endMetadata()
                        .addNewRule()
                        .withApiGroups("", "tickstorm.io")
                        .withResources("pods", "tickstormclusters")
                        .withVerbs("get", "list")
                        .endRule()
                        .build())
                .inNamespace(namespace)
                .create();
        var config = account("no-ports", "no-ports");

        assertThat(launcher.run("status", "--kubeconfig", config, "-n", namespace))
                .isEqualTo(3);

        assertThat(launcher.said())
                .contains(
                        "shop-proxy-1: does not answer: not allowed to forward its port (expected: get and create of pods/portforward)");
    }

    @Test
    void theTokenIsReadFromTheSecretByThoseWhoMay() throws Exception {
        var config = account("look2", "tickstorm-look");
        var all = new KubeWish(Path.of(admin()), null, namespace);
        var look = new KubeWish(Path.of(config), null, namespace);

        try (var place = KubePlace.of(all, Duration.ofSeconds(10))) {
            assertThat(place.token(place.sites("shop").getFirst())).isEqualTo("the-admin-token");
        }
        try (var place = KubePlace.of(look, Duration.ofSeconds(10))) {
            var site = place.sites("shop").getFirst();
            assertThatThrownBy(() -> place.token(site))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("secrets \"proxy-admin\" is forbidden")
                    .hasMessageContaining(
                            "(expected: TICKSTORM_ADMIN_TOKEN, --token-file, or the right to get Secret proxy-admin)");
        }
    }

    @Test
    void whoActsNeedsTheSecondRoleToo() throws Exception {
        var look = account("look3", "tickstorm-look");
        var act = account("act", "tickstorm-look", "tickstorm-act");
        rollout(Map.of(
                "strategy",
                "BlueGreen",
                "phase",
                "Waiting",
                "revision",
                "r00000002",
                "stableRevision",
                "r00000001",
                "weight",
                0,
                "stableWeight",
                100,
                "message",
                "waits"));

        assertThat(launcher.run("rollout", "promote", "shop", "--kubeconfig", look, "-n", namespace))
                .isEqualTo(1);
        assertThat(launcher.complained()).contains("cannot patch resource \"tickstormclusters\"");
        assertThat(launcher.run("rollout", "promote", "shop", "--kubeconfig", act, "-n", namespace))
                .as(launcher.complained())
                .isZero();
        assertThat(cluster().<String>get("spec", "backend", "rollout", "promote"))
                .isEqualTo("r00000002");

        assertThat(launcher.run("rollout", "abort", "--kubeconfig", act, "-n", namespace))
                .as(launcher.complained())
                .isZero();
        assertThat(cluster().<String>get("spec", "backend", "rollout", "abort")).isEqualTo("r00000002");
        assertThat(cluster().<Object>get("spec", "backend", "rollout", "promote"))
                .isNull();
    }

    @Test
    void theBundleHasNoSecretOfTheCluster() throws Exception {
        client.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName("other")
                        .addToLabels("tickstorm.io/cluster", "shop")
                        .endMetadata()
                        .withStringData(Map.of("any", PLANTED + "-in-a-secret"))
                        .build())
                .inNamespace(namespace)
                .create();
        var file = folder.resolve("b.tar.gz").toString();

        assertThat(launcher.run("bundle", "--kubeconfig", admin(), "-n", namespace, "--file", file))
                .isEqualTo(3);

        var content = new String(
                new ProcessBuilder("tar", "-xzOf", file)
                        .start()
                        .getInputStream()
                        .readAllBytes(),
                StandardCharsets.UTF_8);
        assertThat(content)
                .contains("\"shop-backend-1\"", "ImagePullBackOff", "\"DB_PASSWORD\"", "gitVersion", "\"proxy-admin\"")
                .doesNotContain("Hunter2", "the-admin-token", "dGhlLWFkbWluLXRva2Vu", "SHVudGVyMi");
    }

    @Test
    void aClusterThatIsNotThereAndAnApiServerThatIsNotThereAreTold() throws Exception {
        assertThat(launcher.run("status", "shoop", "--kubeconfig", admin(), "-n", namespace))
                .isEqualTo(1);
        assertThat(launcher.complained())
                .isEqualTo("tickstorm: cluster: shoop (expected: one of shop in namespace " + namespace + ")\n");

        var nowhere = write("nowhere", new JsonObject().put("server", "http://127.0.0.1:9"), new JsonObject());
        assertThat(launcher.run("status", "--kubeconfig", nowhere, "--timeout", "3s"))
                .isEqualTo(1);
        assertThat(launcher.complained()).contains("the API server cannot be reached");
    }

    private GenericKubernetesResource cluster() {
        return client.genericKubernetesResources("tickstorm.io/v1alpha1", "TickStormCluster")
                .inNamespace(namespace)
                .withName("shop")
                .get();
    }

    private void rollout(Map<String, Object> rollout) {
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

    private String admin() throws IOException {
        return Files.writeString(folder.resolve("admin.kubeconfig"), server.kubeConfig())
                .toString();
    }

    /** A kubeconfig with these roles of {@code k8s/cli} and no others. */
    private String account(String name, String... roles) throws IOException {
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

    private String write(String name, JsonObject cluster, JsonObject user) throws IOException {
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
