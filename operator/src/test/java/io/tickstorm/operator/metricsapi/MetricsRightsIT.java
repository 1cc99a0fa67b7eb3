package io.tickstorm.operator.metricsapi;

import static io.tickstorm.operator.reconcile.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tickstorm.operator.ApiServer;
import io.tickstorm.operator.Pki;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who may read the metrics behind a real API server, and what the operator may for it. */
@ExtendWith(ApiServer.Extension.class)
class MetricsRightsIT {
    private static final String PROXIES = "tickstorm.io/cluster=demo,tickstorm.io/component=proxy";

    private final ApiServer server;
    private MetricsStage stage;

    MetricsRightsIT(ApiServer server) {
        this.server = server;
    }

    @AfterEach
    void end() {
        stage.close();
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
        assertThat(MetricsStage.values(stage.connections(stage.as(MetricsStage.AUTOSCALER), "v1beta2", PROXIES)))
                .isEqualTo(Map.of("demo-proxy-1", "8"));
        stage.adapter("v1beta1", "prometheus-adapter");
        stage.registered("OwnedByOther");
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
}
