package io.tickstorm.operator.metricsapi;

import static io.tickstorm.operator.reconcile.Eventually.eventually;
import static io.tickstorm.operator.reconcile.Eventually.written;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fabric8.kubernetes.api.model.APIServiceBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tickstorm.operator.ApiServer;
import io.tickstorm.operator.ApiServerLog;
import io.tickstorm.operator.Pki;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The metrics behind a real API server with its aggregation layer. */
@ExtendWith(ApiServer.Extension.class)
class MetricsApiIT {
    private static final String BACKENDS = "tickstorm.io/cluster=demo,tickstorm.io/component=backend";
    private static final String PROXIES = "tickstorm.io/cluster=demo,tickstorm.io/component=proxy";

    private final ApiServer server;
    private MetricsStage stage;

    MetricsApiIT(ApiServer server) {
        this.server = server;
    }

    @AfterEach
    void end() {
        stage.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1beta1", "v1beta2"})
    void anAutoscalerReadsTheSumOverAllProxiesForBackendsAndTheProxiesOwn(String version) throws Exception {
        stage = new MetricsStage(server);
        stage.serves();
        stage.pod("demo", "backend", "demo-backend-a", "10.1.0.1");
        stage.pod("demo", "backend", "demo-backend-b", "10.1.0.2");
        stage.pod("other", "backend", "other-backend-a", "10.1.0.3");
        stage.proxy("demo", "demo-proxy-1", "127.5.0.1", () -> """
                tick_storm_active_connections 120.0
                tick_storm_upstream_in_flight{backend="http",upstream="demo-backend-a"} 10.0
                tick_storm_upstream_in_flight{backend="tcp",upstream="demo-backend-a"} 100.0
                tick_storm_upstream_in_flight{backend="http",upstream="demo-backend-b"} 7.0
                """);
        stage.proxy("demo", "demo-proxy-2", "127.5.0.2", () -> """
                tick_storm_active_connections 33.0
                tick_storm_upstream_in_flight{backend="http",upstream="demo-backend-a (10.1.0.1:8000)"} 3.0
                tick_storm_upstream_in_flight{backend="http",upstream="demo-backend-a (10.9.9.9:8000)"} 1000.0
                """);
        var autoscaler = stage.as(MetricsStage.AUTOSCALER);

        assertThat(values(stage.connections(autoscaler, version, BACKENDS)))
                .isEqualTo(Map.of("demo-backend-a", "113", "demo-backend-b", "7"));
        assertThat(values(stage.connections(autoscaler, version, PROXIES)))
                .isEqualTo(Map.of("demo-proxy-1", "120", "demo-proxy-2", "33"));
        assertThat(values(MetricsStage.get(
                        autoscaler,
                        "/apis/custom.metrics.k8s.io/" + version + "/namespaces/" + stage.namespace
                                + "/pods/demo-backend-b/tick_storm_active_connections")))
                .isEqualTo(Map.of("demo-backend-b", "7"));
    }

    @Test
    void aProxyThatDoesNotAnswerMakesBackendsUnknownAndNotSmaller() throws Exception {
        stage = new MetricsStage(server);
        stage.serves();
        stage.pod("demo", "backend", "demo-backend-a", "10.1.0.1");
        stage.proxy("demo", "demo-proxy-1", "127.5.1.1", () -> """
                tick_storm_active_connections 5.0
                tick_storm_upstream_in_flight{backend="http",upstream="demo-backend-a"} 5.0
                """);
        stage.pod("demo", "proxy", "demo-proxy-silent", "127.5.1.2");
        var autoscaler = stage.as(MetricsStage.AUTOSCALER);

        var refusal = catchThrowableOfType(
                KubernetesClientException.class,
                () -> autoscaler.raw("/apis/custom.metrics.k8s.io/v1beta2/namespaces/" + stage.namespace
                        + "/pods/*/tick_storm_active_connections?labelSelector=tickstorm.io%2Fcomponent%3Dbackend"));

        assertThat(refusal).isNotNull();
        assertThat(refusal.getMessage()).contains("do not answer on port 9090: demo-proxy-silent");
        assertThat(values(stage.connections(autoscaler, "v1beta2", PROXIES))).isEqualTo(Map.of("demo-proxy-1", "5"));
    }

    @Test
    void kubectlFindsTheMetric(@TempDir Path folder) throws Exception {
        stage = new MetricsStage(server);
        stage.serves();

        assertThat(kubectl(folder, "get", "--raw", "/apis/custom.metrics.k8s.io/v1beta2"))
                .contains("pods/tick_storm_active_connections");
        assertThat(kubectl(folder, "get", "--raw", "/apis/custom.metrics.k8s.io"))
                .contains("\"preferredVersion\":{\"groupVersion\":\"custom.metrics.k8s.io/v1beta2\"");
        assertThat(kubectl(folder, "get", "--raw", "/apis")).contains("custom.metrics.k8s.io/v1beta2");
        // As autoscalers find it: the aggregated list, for which the API server asks us in its own name.
        eventually(
                "discovery",
                () -> kubectl(folder, "api-versions").lines().anyMatch("custom.metrics.k8s.io/v1beta2"::equals));
        assertThat(kubectl(folder, "get", "--raw", "/openapi/v2")).contains("swagger");
        assertThat(kubectl(folder, "get", "--raw", "/openapi/v3")).contains("paths");
    }

    @Test
    void theApiServerHasNothingToComplainOf() throws Exception {
        try (var log = new ApiServerLog()) {
            stage = new MetricsStage(server);
            stage.serves();

            // It asks for the documentation of both versions in both forms, when it learns of them and then once a
            // minute.
            eventually("documentation asked for", () -> stage.counted("openapi", "200") >= 4);

            assertThat(log.lines()).isNotEmpty();
            assertThat(log.complaints())
                    .filteredOn(line -> line.contains("custom.metrics.k8s.io"))
                    // before it has found out that we can be reached; what it hears from us is counted below
                    .filteredOn(line -> !line.contains("503") && !line.contains("could not get list of group versions"))
                    .isEmpty();
            assertThat(MetricsStage.get(server.client(), "/openapi/v3/apis/custom.metrics.k8s.io/v1beta2")
                            .encode())
                    .contains("/pods/{name}/tick_storm_active_connections");
            assertThat(stage.registry.scrape().lines())
                    .filteredOn(line -> line.startsWith("tick_storm_operator_metrics_api_requests_seconds_count"))
                    .filteredOn(line -> line.contains("resource=\"openapi\""))
                    .allMatch(line -> line.contains("code=\"200\""));
        }
    }

    @Test
    void whatIsServedIsCounted() throws Exception {
        stage = new MetricsStage(server);
        stage.serves();
        stage.proxy("demo", "demo-proxy-1", "127.5.4.1", () -> "tick_storm_active_connections 1.0\n");
        var before = stage.counted("pods", "200");

        stage.connections(stage.as(MetricsStage.AUTOSCALER), "v1beta2", PROXIES);
        new Direct(stage, stage.api).status(null, "admin", "/apis/custom.metrics.k8s.io/v1beta2");

        assertThat(stage.counted("pods", "200")).isEqualTo(before + 1);
        assertThat(stage.counted("resources", "401")).isEqualTo(1);
        assertThat(stage.registry.scrape())
                .contains(
                        "tick_storm_operator_metrics_api_requests_seconds_bucket{code=\"200\",resource=\"pods\",verb=\"get\",le=\"0.1\"}");
        assertThat(stage.registry
                        .get("tick.storm.operator.metrics.api.certificate.expiry")
                        .gauge()
                        .value())
                .isBetween((double) Duration.ofDays(364).toSeconds(), (double)
                        Duration.ofDays(365).toSeconds());
        stage.now(stage.now().plus(Duration.ofDays(366)));
        assertThat(stage.registry
                        .get("tick.storm.operator.metrics.api.certificate.expiry")
                        .gauge()
                        .value())
                .isNegative();
    }

    @Test
    void whoMayNotIsRefusedUntilTheyMay() throws Exception {
        stage = new MetricsStage(server);
        stage.serves();
        stage.pod("demo", "proxy", "demo-proxy-1", "127.5.2.1");
        stage.proxy("demo", "demo-proxy-2", "127.5.2.2", () -> "tick_storm_active_connections 1.0\n");
        var person = stage.as("jane");

        var refusal = catchThrowableOfType(
                KubernetesClientException.class, () -> stage.connections(person, "v1beta2", PROXIES));

        assertThat(refusal.getCode()).isEqualTo(403);
        // The API server's own refusal would not name us.
        permit("jane");
        stage.now(stage.now().plus(AccessReviews.REMEMBERED));
        eventually("permission", () -> stage.connections(person, "v1beta2", PROXIES) != null);
    }

    @Test
    void certificatesAndAuthoritiesAreReplacedWithoutAGap() throws Exception {
        var today = Instant.now();
        // Two thirds of the life of an authority ago, and at the end of each certificate's.
        stage = new MetricsStage(
                server, today.minus(Issuer.AUTHORITY_LIFE.multipliedBy(2).dividedBy(3)));
        stage.registered("Served");
        for (var at = stage.now(); at.isBefore(today.minus(Duration.ofDays(300))); at = at.plus(Duration.ofDays(100))) {
            stage.now(at);
            stage.registration.look();
        }
        stage.now(today.minus(Duration.ofDays(250)));
        stage.registration.look();
        var late = stage.another();
        eventually("the other process serves", late::listening);
        var before = secret();
        assertThat(before.authorities()).hasSize(1);
        stage.serves();

        stage.now(today);
        stage.registration.look();

        var two = secret();
        assertThat(two.authorities()).hasSize(2).endsWith(before.newestAuthority());
        assertThat(two.certificate()).isEqualTo(before.certificate());
        assertThat(answersNewConnections()).isTrue();

        stage.registration.look();

        var after = secret();
        assertThat(after.authorities()).isEqualTo(two.authorities());
        assertThat(after.certificate().getIssuerX500Principal())
                .isEqualTo(after.newestAuthority().getSubjectX500Principal());
        for (var process : new MetricsApi[] {stage.api, late}) {
            eventually(
                    "the new certificate is shown",
                    () -> new Direct(stage, process).certificate().equals(after.certificate()));
            stage.routeTo(process);
            assertThat(answersNewConnections()).isTrue();
        }
    }

    @Test
    void itStepsAsideForAnotherAdapterAndComesBack() throws Exception {
        stage = new MetricsStage(server);
        adapter("v1beta1", "prometheus-adapter");

        var standing = stage.registered("OwnedByOther");

        assertThat(standing.served()).isFalse();
        assertThat(standing.message()).contains("Service monitoring/prometheus-adapter");
        assertThat(server.client()
                        .apiServices()
                        .withName("v1beta2.custom.metrics.k8s.io")
                        .get())
                .isNull();
        server.client().apiServices().withName("v1beta1.custom.metrics.k8s.io").delete();
        stage.serves();
        assertThat(stage.registration.standing().served()).isTrue();
    }

    @Test
    void whatAnotherAdapterTakesOverBecomesItsOwn() throws Exception {
        stage = new MetricsStage(server);
        stage.serves();
        var name = "v1beta1.custom.metrics.k8s.io";
        assertThat(server.client()
                        .apiServices()
                        .withName(name)
                        .get()
                        .getMetadata()
                        .getOwnerReferences())
                .hasSize(1);

        adapter("v1beta1", "prometheus-adapter");
        stage.registered("OwnedByOther");

        var taken = server.client().apiServices().withName(name).get();
        assertThat(taken.getMetadata().getOwnerReferences()).isEmpty();
        assertThat(taken.getMetadata().getLabels()).doesNotContainKey("app.kubernetes.io/managed-by");
        assertThat(taken.getSpec().getService().getName()).isEqualTo("prometheus-adapter");
        assertThat(server.client()
                        .apiServices()
                        .withName("v1beta2.custom.metrics.k8s.io")
                        .get())
                .isNull();
    }

    @Test
    void whatSomebodyChangesIsChangedBackAndSwitchedOffItGoes() throws Exception {
        stage = new MetricsStage(server);
        stage.serves();
        var apiServices = server.client().apiServices();
        apiServices.withName("v1beta2.custom.metrics.k8s.io").delete();
        written("APIService", () -> {
            var service = apiServices.withName("v1beta1.custom.metrics.k8s.io").get();
            service.getSpec().setCaBundle(null);
            service.getSpec().setInsecureSkipTLSVerify(true);
            server.client().resource(service).update();
        });

        stage.serves();

        var restored = apiServices.withName("v1beta1.custom.metrics.k8s.io").get();
        assertThat(restored.getSpec().getCaBundle()).isNotBlank();
        assertThat(restored.getSpec().getInsecureSkipTLSVerify()).isNotEqualTo(true);
        var off = new Registration(
                server.client(), new MetricsApiSettings("", stage.namespace, 0), stage.api, stage.clock());
        off.look();
        assertThat(off.standing()).isEqualTo(Standing.OFF);
        assertThat(apiServices.list().getItems())
                .noneMatch(service -> service.getMetadata().getName().endsWith("custom.metrics.k8s.io"));
    }

    @Test
    void whoEndsLastTakesTheRegistrationAwayAndWhoComesNextMakesItAgain(@TempDir Path folder) throws Exception {
        stage = new MetricsStage(server);
        stage.serves();

        stage.routeToPods(List.of("operator-a", "operator-b"), List.of());
        stage.registration.withdraw("operator-a");
        assertThat(registered()).hasSize(2);

        // scaled to 0: both end at once
        stage.routeToPods(List.of(), List.of("operator-a", "operator-b"));
        stage.registration.withdraw("operator-b");
        assertThat(registered()).isEmpty();
        eventually(
                "discovery without complaint",
                () -> kubectl(folder, "api-resources").lines().noneMatch(line -> line.contains("custom.metrics")));
        stage.registration.withdraw("operator-a");

        stage.serves();
        assertThat(registered()).hasSize(2);
    }

    @Test
    void whatAnotherAdapterServesIsNotTakenAwayByWhoEnds() {
        stage = new MetricsStage(server);
        adapter("v1beta1", "prometheus-adapter");

        stage.registration.withdraw("operator-a");

        assertThat(registered()).containsExactly("v1beta1.custom.metrics.k8s.io");
    }

    private List<String> registered() {
        return server.client().apiServices().list().getItems().stream()
                .map(service -> service.getMetadata().getName())
                .filter(name -> name.endsWith(".custom.metrics.k8s.io"))
                .toList();
    }

    @Test
    void onlyTheApiServerIsAnsweredWhoeverAsksDirectly() throws Exception {
        stage = new MetricsStage(server);
        stage.serves();
        var direct = new Direct(stage, stage.api);
        var stranger = new Pki("front-proxy-ca");
        var path = "/apis/custom.metrics.k8s.io/v1beta2";

        assertThat(direct.status(null, "admin", path)).isEqualTo(401);
        assertThat(direct.status(stranger.client(ApiServer.FRONT_PROXY), "admin", path))
                .isEqualTo(401);
        assertThat(direct.status(server.frontProxy().client("somebody"), "admin", path))
                .isEqualTo(401);
        var expired =
                server.frontProxy().client(ApiServer.FRONT_PROXY, Instant.now().minus(Duration.ofHours(1)));
        assertThat(direct.status(expired, "admin", path)).isEqualTo(401);
        var known = server.frontProxy().client(ApiServer.FRONT_PROXY);
        assertThat(direct.status(known, "", path)).isEqualTo(401);
        assertThat(direct.status(known, "jane", "/metrics")).isEqualTo(403);
        assertThat(direct.status(known, MetricsStage.AUTOSCALER, path)).isEqualTo(200);
        // Even an API server that asks for another form gets JSON.
        assertThat(direct.answer(known, MetricsStage.AUTOSCALER, path, "application/vnd.kubernetes.protobuf"))
                .startsWith("application/json {");
    }

    @Test
    void anotherAuthorityOfTheApiServerIsBelievedFromWhenItIsNamedUntilItIsNot() throws Exception {
        stage = new MetricsStage(server);
        stage.serves();
        var next = new Pki("front-proxy-ca-2");
        var former = server.frontProxy().authorityPem();
        var path = "/apis/custom.metrics.k8s.io/v1beta2";
        var direct = new Direct(stage, stage.api);
        var known = server.frontProxy().client(ApiServer.FRONT_PROXY);
        var coming = next.client(ApiServer.FRONT_PROXY);
        assertThat(direct.status(coming, MetricsStage.AUTOSCALER, path)).isEqualTo(401);

        // Each API server adds its own and takes none away: here a person adds one, and takes it away again.
        authorities(former + next.authorityPem());
        eventually("the next one is believed", () -> direct.status(coming, MetricsStage.AUTOSCALER, path) == 200);
        assertThat(direct.status(known, MetricsStage.AUTOSCALER, path)).isEqualTo(200);
        assertThat(MetricsStage.get(server.client(), path)).isNotNull();

        authorities(former);
        eventually("the next one is not", () -> direct.status(coming, MetricsStage.AUTOSCALER, path) == 401);
        assertThat(direct.status(known, MetricsStage.AUTOSCALER, path)).isEqualTo(200);
        assertThat(stage.api.obstacle()).isEmpty();
    }

    private void authorities(String bundle) {
        server.client()
                .configMaps()
                .inNamespace(MetricsApi.AUTHENTICATION_NAMESPACE)
                .withName(MetricsApi.AUTHENTICATION)
                .edit(configMap -> {
                    configMap.getData().put("requestheader-client-ca-file", bundle);
                    return configMap;
                });
    }

    @Test
    void theRightsOfTheInstallationAreThoseThatItNeeds() throws Exception {
        for (var file : List.of("operator/namespace.yaml", "operator/rbac.yaml")) {
            server.client()
                    .load(Files.newInputStream(Path.of("../k8s", file)))
                    .inNamespace("tickstorm-system")
                    .serverSideApply();
        }
        server.client()
                .load(Files.newInputStream(Path.of("../k8s/custom-metrics/custom-metrics.yaml")))
                .serverSideApply();
        var settings = new MetricsApiSettings("tickstorm-operator-custom-metrics", "tickstorm-system", 0);
        stage = new MetricsStage(
                server, Instant.now(), settings, server.clientOf("tickstorm-system", "tickstorm-operator"));

        stage.serves();

        stage.proxy("demo", "demo-proxy-1", "127.5.3.1", () -> "tick_storm_active_connections 8.0\n");
        assertThat(values(stage.connections(stage.as(MetricsStage.AUTOSCALER), "v1beta2", PROXIES)))
                .isEqualTo(Map.of("demo-proxy-1", "8"));
        adapter("v1beta1", "prometheus-adapter");
        stage.registered("OwnedByOther");
    }

    /** Whoever connects now is answered; the API server, which keeps its connections, goes on getting answers. */
    private boolean answersNewConnections() {
        var status = new Direct(stage, stage.api)
                .status(
                        server.frontProxy().client(ApiServer.FRONT_PROXY),
                        MetricsStage.AUTOSCALER,
                        "/apis/custom.metrics.k8s.io/v1beta2");
        eventually(
                "an answer through the API server",
                () -> MetricsStage.get(server.client(), "/apis/custom.metrics.k8s.io/v1beta2") != null);
        return status == 200;
    }

    private Credentials secret() {
        return Credentials.read(server.client()
                        .secrets()
                        .inNamespace(stage.namespace)
                        .withName(stage.settings.name())
                        .get()
                        .getData())
                .orElseThrow();
    }

    /** As another product would, with kubectl apply --force-conflicts. */
    private void adapter(String version, String name) {
        server.client()
                .resource(new APIServiceBuilder()
                        .withNewMetadata()
                        .withName(version + ".custom.metrics.k8s.io")
                        .endMetadata()
                        .withNewSpec()
                        .withGroup("custom.metrics.k8s.io")
                        .withVersion(version)
                        .withGroupPriorityMinimum(100)
                        .withVersionPriority(100)
                        .withInsecureSkipTLSVerify(false)
                        .withNewService(name, "monitoring", 443)
                        .endSpec()
                        .build())
                .fieldManager("adapter")
                .forceConflicts()
                .serverSideApply();
    }

    private void permit(String user) {
        server.client()
                .resource(new RoleBuilder()
                        .withNewMetadata()
                        .withName("connections")
                        .withNamespace(stage.namespace)
                        .endMetadata()
                        .addNewRule()
                        .withApiGroups("custom.metrics.k8s.io")
                        .withResources("pods/tick_storm_active_connections")
                        .withVerbs("get")
                        .endRule()
                        .build())
                .create();
        server.client()
                .resource(new RoleBindingBuilder()
                        .withNewMetadata()
                        .withName("connections")
                        .withNamespace(stage.namespace)
                        .endMetadata()
                        .withNewRoleRef("rbac.authorization.k8s.io", "Role", "connections")
                        .addNewSubject("rbac.authorization.k8s.io", "User", user, null)
                        .build())
                .create();
    }

    private static Map<String, String> values(JsonObject list) {
        return list.getJsonArray("items").stream()
                .map(JsonObject.class::cast)
                .collect(Collectors.toMap(
                        item -> item.getJsonObject("describedObject").getString("name"),
                        item -> item.getString("value")));
    }

    private String kubectl(Path folder, String... arguments) {
        try {
            var kubeConfig = folder.resolve("kubeconfig");
            Files.writeString(kubeConfig, server.kubeConfig());
            var kubectl = Path.of(System.getenv("KUBE_API_TEST_DIR"));
            var program = Files.walk(kubectl)
                    .filter(file -> file.getFileName().toString().equals("kubectl"))
                    .findFirst()
                    .orElseThrow();
            var command = new java.util.ArrayList<>(java.util.List.of(
                    program.toString(),
                    "--kubeconfig",
                    kubeConfig.toString(),
                    "--cache-dir",
                    folder.resolve("cache").toString()));
            command.addAll(java.util.List.of(arguments));
            var out = folder.resolve("out").toFile();
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(out)
                    .start();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return Files.readString(out.toPath());
        } catch (java.io.IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
