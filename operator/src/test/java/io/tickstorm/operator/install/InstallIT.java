package io.tickstorm.operator.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.Release;
import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Both ways of installing, on a real API server of their own that has not heard of the product. */
class InstallIT {
    private static final String OWN = "app.kubernetes.io/part-of=tickstorm";
    private static final List<String> KINDS = List.of(
            "apps/v1 Deployment",
            "policy/v1 PodDisruptionBudget",
            "networking.k8s.io/v1 NetworkPolicy",
            "rbac.authorization.k8s.io/v1 ClusterRole",
            "rbac.authorization.k8s.io/v1 ClusterRoleBinding",
            "rbac.authorization.k8s.io/v1 Role",
            "rbac.authorization.k8s.io/v1 RoleBinding",
            "v1 ConfigMap",
            "v1 Service",
            "v1 ServiceAccount");

    private static final List<String> NAMESPACES = List.of("outlives", "leaves", "nothing", "refused", "restricted");

    private static @Nullable KubeAPIServer started;
    private static @Nullable KubernetesClient connected;

    private static KubeAPIServer server() {
        if (started == null) {
            throw new IllegalStateException("not started");
        }
        return started;
    }

    private static KubernetesClient client() {
        if (connected == null) {
            throw new IllegalStateException("not connected");
        }
        return connected;
    }

    @BeforeAll
    static void start() {
        var config = KubeAPIServerConfigBuilder.anAPIServerConfig()
                .withTestDir(System.getenv("KUBE_API_TEST_DIR"))
                .withOfflineMode(true)
                .withUpdateKubeConfig(false);
        var version = System.getenv("KUBE_API_TEST_API_SERVER_VERSION");
        if (version != null) {
            config.withApiServerVersion(version);
        }
        started = new KubeAPIServer(config.build());
        started.start();
        connected = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(started.getKubeConfigYaml()))
                .build();
    }

    @AfterAll
    static void stop() {
        client().close();
        server().stop();
    }

    @AfterEach
    void forget() {
        for (var namespace : NAMESPACES) {
            Helm.uninstall("tickstorm")
                    .withNamespace(namespace)
                    .withKubeConfigContents(server().getKubeConfigYaml())
                    .ignoreNotFound()
                    .call();
        }
        client().apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName("tickstormclusters.tickstorm.io")
                .withTimeoutInMillis(30_000)
                .delete();
    }

    @Test
    void theClusterToBeginWithOutlivesUpgradesAndTheChart() {
        install("outlives", "");
        awaitDefinition();

        var release = upgrade("outlives", "{cluster: {create: true, name: shop, spec: {backend: {replicas: 5}}}}");
        assertThat(release.getOutput()).contains("kubectl -n outlives wait --for=condition=Ready tsc/shop");
        var first = cluster("outlives", "shop");
        assertThat(first.<Integer>get("spec", "backend", "replicas")).isEqualTo(5);

        upgrade("outlives", "{replicas: 3, cluster: {create: true, name: shop, spec: {backend: {replicas: 6}}}}");
        var upgraded = cluster("outlives", "shop");
        assertThat(upgraded.getMetadata().getUid())
                .isEqualTo(first.getMetadata().getUid());
        assertThat(upgraded.<Integer>get("spec", "backend", "replicas")).isEqualTo(6);
        assertThat(client().apps()
                        .deployments()
                        .inNamespace("outlives")
                        .withName("tickstorm-operator")
                        .get()
                        .getSpec()
                        .getReplicas())
                .isEqualTo(3);

        uninstall("outlives");
        assertThat(cluster("outlives", "shop").getMetadata().getUid())
                .isEqualTo(first.getMetadata().getUid());

        install("outlives", "{cluster: {create: true, name: shop}}");
        assertThat(cluster("outlives", "shop").getMetadata().getUid())
                .isEqualTo(first.getMetadata().getUid());
        uninstall("outlives");
    }

    private static void awaitDefinition() {
        client().apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName("tickstormclusters.tickstorm.io")
                .waitUntilCondition(InstallIT::established, 60, TimeUnit.SECONDS);
    }

    /** The API server takes the clusters before the definition. */
    private static void awaitNoDefinition() {
        client().apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName("tickstormclusters.tickstorm.io")
                .waitUntilCondition(Objects::isNull, 60, TimeUnit.SECONDS);
    }

    private static boolean established(@Nullable CustomResourceDefinition definition) {
        return definition != null
                && definition.getStatus() != null
                && definition.getStatus().getConditions() != null
                && definition.getStatus().getConditions().stream()
                        .anyMatch(condition -> condition.getType().equals("Established")
                                && condition.getStatus().equals("True"));
    }

    @Test
    void uninstallLeavesOnlyTheDefinition() {
        install("leaves", "{networkPolicy: {enabled: true}, dashboards: {enabled: true}}");
        assertThat(own("leaves")).hasSizeGreaterThanOrEqualTo(10);

        uninstall("leaves");

        assertThat(own("leaves")).isEmpty();
        assertThat(definition()).isNotNull();
    }

    @Test
    void uninstallLeavesNothingWhereTheDefinitionIsNotKept() {
        install("nothing", "{crds: {keep: false}}");
        assertThat(definition()).isNotNull();

        uninstall("nothing");

        assertThat(own("nothing")).isEmpty();
        awaitNoDefinition();
    }

    @Test
    void aClusterOfWrongWordsIsRefusedByTheApiServer() {
        install("refused", "");
        awaitDefinition();

        assertThatThrownBy(() -> upgrade("refused", "{cluster: {create: true, spec: {backend: {replicas: -1}}}}"))
                .hasMessageContaining("spec.backend.replicas");
    }

    @Test
    void kustomizeMakesWhatTheTestsCompareWithTheChart() throws Exception {
        for (var folder : List.of("k8s", "k8s/monitoring")) {
            var made = Manifest.all(
                    kubectl("kustomize", Manifest.ROOT.resolve(folder).toString()));

            assertThat(made)
                    .extracting(Manifest::id)
                    .isEqualTo(Kustomization.read(folder).stream()
                            .map(Manifest::id)
                            .toList());
            for (int i = 0; i < made.size(); i++) {
                assertThat(made.get(i).leaves())
                        .isEqualTo(Kustomization.read(folder).get(i).leaves());
            }
        }
    }

    @Test
    void kustomizeIsTakenByTheApiServer() throws Exception {
        var objects = client().load(
                        stream(kubectl("kustomize", Manifest.ROOT.resolve("k8s").toString())))
                .items();

        for (var object : objects) {
            assertThat(client().resource(object).serverSideApply().getMetadata().getUid())
                    .isNotBlank();
        }
        objects.forEach(object -> client().resource(object).delete());
    }

    @Test
    void thePodsOfTheChartKeepToTheRestrictedProfile() {
        client().resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName("restricted")
                        .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                        .endMetadata()
                        .build())
                .create();
        install("restricted", "{crds: {enabled: false}}");
        var template = client().apps()
                .deployments()
                .inNamespace("restricted")
                .withName("tickstorm-operator")
                .get()
                .getSpec()
                .getTemplate();
        var pod = new PodBuilder()
                .withNewMetadata()
                .withName("operator")
                .withNamespace("restricted")
                .endMetadata()
                .withSpec(template.getSpec())
                .build();

        assertThat(client().resource(pod).create().getMetadata().getUid()).isNotBlank();
        assertThatThrownBy(() -> client().resource(privileged(pod)).create())
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("violates PodSecurity");
        uninstall("restricted");
    }

    private static Pod privileged(Pod pod) {
        return new PodBuilder(pod)
                .editMetadata()
                .withName("privileged")
                .endMetadata()
                .editSpec()
                .withHostNetwork(true)
                .endSpec()
                .build();
    }

    private static Release install(String namespace, String values) {
        return Chart.withValues(
                values,
                file -> Chart.helm()
                        .install()
                        .withName("tickstorm")
                        .withNamespace(namespace)
                        .createNamespace()
                        .withValuesFile(file)
                        .withKubeConfigContents(server().getKubeConfigYaml())
                        .call());
    }

    private static Release upgrade(String namespace, String values) {
        return Chart.withValues(
                values,
                file -> Chart.helm()
                        .upgrade()
                        .withName("tickstorm")
                        .withNamespace(namespace)
                        .withValuesFile(file)
                        .withKubeConfigContents(server().getKubeConfigYaml())
                        .call());
    }

    private static void uninstall(String namespace) {
        Helm.uninstall("tickstorm")
                .withNamespace(namespace)
                .withKubeConfigContents(server().getKubeConfigYaml())
                .call();
    }

    private static GenericKubernetesResource cluster(String namespace, String name) {
        return client().genericKubernetesResources("tickstorm.io/v1alpha1", "TickStormCluster")
                .inNamespace(namespace)
                .withName(name)
                .require();
    }

    private static @Nullable Object definition() {
        return client().apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName("tickstormclusters.tickstorm.io")
                .get();
    }

    /** What carries our label, in the namespace or in none. */
    private static List<String> own(String namespace) {
        return KINDS.stream()
                .flatMap(kind -> client()
                        .genericKubernetesResources(kind.split(" ")[0], kind.split(" ")[1])
                        .inAnyNamespace()
                        .withLabelSelector(OWN)
                        .list()
                        .getItems()
                        .stream())
                .filter(object -> object.getMetadata().getNamespace() == null
                        || object.getMetadata().getNamespace().equals(namespace))
                .map(object -> object.getKind() + '/' + object.getMetadata().getName())
                .toList();
    }

    private static String kubectl(String... words) throws Exception {
        try (Stream<Path> files = Files.walk(Path.of(System.getenv("KUBE_API_TEST_DIR")), 4)) {
            var program =
                    files.filter(file -> file.endsWith("kubectl")).findFirst().orElseThrow();
            var command = Stream.concat(Stream.of(program.toString()), Stream.of(words))
                    .toList();
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(output).isZero();
            return output;
        }
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
