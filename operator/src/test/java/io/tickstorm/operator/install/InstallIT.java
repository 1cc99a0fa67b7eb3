package io.tickstorm.operator.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.InstallCommand;
import com.marcnuri.helm.Release;
import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
            "batch/v1 Job",
            "v1 ConfigMap",
            "v1 Service",
            "v1 ServiceAccount");

    private static final List<String> NAMESPACES =
            List.of("outlives", "leaves", "nothing", "refused", "restricted", "given");

    private static final int DEFAULT_REPLICAS = 3;
    /** Runs of a check, each of a second or so. */
    private static final int PATIENCE = 30;

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

    /** At the first install the API server does not know the kind yet, and nobody waits for it. */
    @Test
    void theClusterToBeginWithComesWithTheFirstInstallAndFollowsItsValues() throws Exception {
        try (var kubelet = new HookRunner(server(), client(), "outlives")) {
            var release = install("outlives", "{cluster: {create: true, name: shop, spec: {backend: {replicas: 5}}}}");
            assertThat(release.getOutput()).contains("kubectl -n outlives wait --for=condition=Ready tsc/shop");
            var first = cluster("outlives", "shop");
            assertThat(first.<Integer>get("spec", "backend", "replicas")).isEqualTo(5);
            assertThat(first.getMetadata().getOwnerReferences()).isEmpty();
            assertThat(jobs("outlives")).as("goes when it has done its work").isEmpty();

            client().genericKubernetesResources("tickstorm.io/v1alpha1", "TickStormCluster")
                    .inNamespace("outlives")
                    .withName("shop")
                    .patch(
                            PatchContext.of(PatchType.JSON_MERGE),
                            "{\"spec\": {\"backend\": {\"replicas\": 9}, \"loadBalancer\": {\"replicas\": 3}}}");
            upgrade(
                    "outlives",
                    "{replicas: 3, cluster: {create: true, name: shop, spec: {backend: {replicas: 6}, availability: {}}}}");
            var upgraded = cluster("outlives", "shop");
            assertThat(upgraded.getMetadata().getUid())
                    .isEqualTo(first.getMetadata().getUid());
            assertThat(upgraded.<Integer>get("spec", "backend", "replicas"))
                    .as("what the values name is theirs")
                    .isEqualTo(6);
            assertThat(upgraded.<Integer>get("spec", "loadBalancer", "replicas"))
                    .as("what they leave out is not")
                    .isEqualTo(3);

            upgrade("outlives", "{cluster: {create: true, name: shop, spec: {}}}");
            assertThat(cluster("outlives", "shop").<Integer>get("spec", "backend", "replicas"))
                    .as("what they name no more has its default")
                    .isEqualTo(DEFAULT_REPLICAS);

            uninstall("outlives");
            assertThat(cluster("outlives", "shop").getMetadata().getUid())
                    .isEqualTo(first.getMetadata().getUid());
            assertThat(own("outlives")).isEmpty();

            install("outlives", "{cluster: {create: true, name: shop}}");
            assertThat(cluster("outlives", "shop").getMetadata().getUid())
                    .isEqualTo(first.getMetadata().getUid());
            assertThat(kubelet.ended()).hasSize(4);
        }
        uninstall("outlives");
    }

    @Test
    void theClusterGoesWithTheReleaseWhereItIsNotKept() throws Exception {
        install("outlives", "");
        try (var kubelet = new HookRunner(server(), client(), "leaves")) {
            install(
                    "leaves",
                    "{crds: {enabled: false, keep: false}, customMetrics: {enabled: false}, rbac: {aggregate: false}, watchNamespaces: [leaves], cluster: {create: true}}");
            assertThat(kubelet.ended()).hasSize(1);
        }

        // Controllers, which are not here, delete what belongs to nobody any more.
        var map = client().configMaps()
                .inNamespace("leaves")
                .withName("tickstorm-operator-cluster")
                .get();
        assertThat(cluster("leaves", "demo").getMetadata().getOwnerReferences())
                .singleElement()
                .satisfies(owner ->
                        assertThat(owner.getUid()).isEqualTo(map.getMetadata().getUid()));
        uninstall("leaves");
        assertThat(own("leaves")).doesNotContain("ConfigMap/tickstorm-operator-cluster");
    }

    /** A person with the rights that an administrator gives to whoever works in a namespace, without that to give any. */
    private static String mayDoAllButGiveRights(String namespace) {
        client().load(stream("""
                        apiVersion: v1
                        kind: ServiceAccount
                        metadata: {name: deployer, namespace: %1$s}
                        ---
                        apiVersion: rbac.authorization.k8s.io/v1
                        kind: Role
                        metadata: {name: deployer, namespace: %1$s}
                        rules:
                          - apiGroups: ["", apps, batch, policy, tickstorm.io]
                            resources: ["*"]
                            verbs: ["*"]
                        ---
                        apiVersion: rbac.authorization.k8s.io/v1
                        kind: RoleBinding
                        metadata: {name: deployer, namespace: %1$s}
                        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: deployer}
                        subjects: [{kind: ServiceAccount, name: deployer, namespace: %1$s}]
                        """.formatted(namespace))).create();
        return OperatorProcess.kubeConfig(server(), client(), namespace, "deployer");
    }

    /** What helm test says at last, for an operator that has just begun. */
    private static String checked(String operator, String namespace) throws Exception {
        var checked = OperatorProcess.run(operator, environment(namespace), "check");
        for (int attempt = 0; checked.code() != 0 && attempt < PATIENCE; attempt++) {
            checked = OperatorProcess.run(operator, environment(namespace), "check");
        }
        return checked.output();
    }

    private static Map<String, String> environment(String namespace) {
        return Map.of(
                "PROXY_IMAGE", "proxy:test",
                "BACKEND_IMAGE", "backend:test",
                "WATCH_NAMESPACE", namespace,
                "POD_NAMESPACE", namespace,
                "LEASE_OWNER", "tickstorm-operator-leader",
                "PROBES_PORT", "0",
                "METRICS_PORT", "0");
    }

    private static List<Job> jobs(String namespace) {
        return client().batch().v1().jobs().inNamespace(namespace).list().getItems();
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

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {backend: {replicas: -1}} | spec.backend.replicas
            {backend: {replica: 1}}   | spec.backend.replica: field not declared
            """)
    void aClusterOfWrongWordsIsRefusedAtOnceAndLeavesNothing(String spec, String message) throws Exception {
        try (var kubelet = new HookRunner(server(), client(), "refused")) {
            assertThatThrownBy(() -> install("refused", "{cluster: {create: true, spec: " + spec + "}}"))
                    .hasMessageContaining("tickstorm-operator-cluster");

            assertThat(kubelet.ended()).singleElement().satisfies(ended -> {
                assertThat(ended.output()).contains("refused/demo: ").contains(message);
                assertThat(ended.code()).isEqualTo(2);
            });
            assertThat(jobs("refused"))
                    .as("what failed can be looked at")
                    .singleElement()
                    .satisfies(job -> assertThat(job.getSpec().getTtlSecondsAfterFinished())
                            .isPositive());
        }
        uninstall("refused");
        assertThat(own("refused")).as("goes by itself").containsExactly("Job/tickstorm-operator-cluster");
        client().batch().v1().jobs().inNamespace("refused").delete();
    }

    /** Somebody who may do everything in one namespace except give rights, after an administrator has given those of docs/install.md. */
    @Test
    void withoutTheRightToGiveRightsItIsInstalledAfterAnAdministratorGaveThem() throws Exception {
        install("outlives", "");
        awaitDefinition();
        client().resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName("given")
                        .endMetadata()
                        .build())
                .create();
        var values = "{watchNamespaces: [given], crds: {enabled: false}, customMetrics: {enabled: false},"
                + " cluster: {create: true}, rbac: {aggregate: false, create: %s}}";
        var user = mayDoAllButGiveRights("given");

        assertThatThrownBy(() -> install("given", values.formatted("true"), user))
                .hasMessageContaining("rbac.authorization.k8s.io")
                .hasMessageContaining("forbidden");
        client().load(stream(Chart.roles("given", values.formatted("true")))).create();
        try (var kubelet = new HookRunner(server(), client(), "given")) {
            install("given", values.formatted("false"), user);
            assertThat(kubelet.ended()).hasSize(1);
        }

        assertThat(cluster("given", "demo").getMetadata().getUid()).isNotBlank();
        var operator = OperatorProcess.kubeConfig(server(), client(), "given", "tickstorm-operator");
        try (var running = OperatorProcess.start(operator, environment("given"))) {
            assertThat(checked(operator, "given")).contains("clusters can be seen, and the operator leads");
            assertThat(running.alive()).isTrue();
        }
        uninstall("given");
        assertThat(own("given"))
                .as("what the administrator gave is the administrator's")
                .contains("Role/tickstorm-operator", "RoleBinding/tickstorm-operator-cluster")
                .doesNotContain("Deployment/tickstorm-operator", "ServiceAccount/tickstorm-operator-cluster");
        client().rbac().roleBindings().inNamespace("given").delete();
        client().rbac().roles().inNamespace("given").delete();
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
        for (var hook : Chart.hooks("{cluster: {create: true}}")) {
            var spec = hook.at(hook.kind().equals("Job") ? "spec.template.spec" : "spec");
            var once = new PodBuilder(pod)
                    .editMetadata()
                    .withName(hook.name())
                    .endMetadata()
                    .withSpec(client().getKubernetesSerialization().convertValue(spec, PodSpec.class))
                    .build();
            assertThat(client().resource(once).create().getMetadata().getUid()).isNotBlank();
        }
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
                file -> installation(namespace, file, server().getKubeConfigYaml())
                        .createNamespace()
                        .call());
    }

    /** By somebody who may not make a namespace. */
    private static Release install(String namespace, String values, String kubeConfig) {
        return Chart.withValues(
                values, file -> installation(namespace, file, kubeConfig).call());
    }

    private static InstallCommand installation(String namespace, Path values, String kubeConfig) {
        return Chart.helm()
                .install()
                .withName("tickstorm")
                .withNamespace(namespace)
                .withValuesFile(values)
                .withKubeConfigContents(kubeConfig);
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
