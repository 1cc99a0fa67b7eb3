package io.tickstorm.operator.reconcile;

import static io.tickstorm.operator.reconcile.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tickstorm.operator.ApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The rights that k8s/operator/rbac.yaml gives are those that the operator needs. */
@ExtendWith(ApiServer.Extension.class)
class PermissionsIT {
    private static final Path MANIFESTS = Path.of("../k8s/operator");
    private static final String NAMESPACE = "tickstorm-system";
    private static final String ACCOUNT = "tickstorm-operator";

    @BeforeAll
    static void install(ApiServer server) throws IOException {
        apply(server.client(), "namespace.yaml");
        apply(server.client(), "rbac.yaml");
    }

    @Test
    void theOperatorDoesAllItsWorkWithItsOwnRights(ApiServer server) {
        try (var client = server.clientOf(NAMESPACE, ACCOUNT);
                var stage = new Stage(server, client)) {
            assertThatThrownBy(() -> client.secrets().inAnyNamespace().list()).hasMessageContaining("Forbidden");

            stage.user("demo", stage.spec(", autoscaling: {backend: {}}"));
            stage.sees(HorizontalPodAutoscaler.class, "demo-backend");
            stage.controllerRollsOut("demo-backend");
            stage.controllerRollsOut("demo-proxy");
            stage.seesCondition("demo", "Ready", "True", "Ready");

            // drift, prune, events
            var service = stage.sees(Service.class, "demo-proxy");
            stage.client.resource(service).delete();
            stage.sees(Service.class, "demo-proxy");
            stage.user("demo", stage.spec(", backend: {replicas: 4}"));
            stage.seesNo(HorizontalPodAutoscaler.class, "demo-backend");
            stage.sees(Deployment.class, "demo-backend", seen -> seen.getSpec().getReplicas() == 4);
            eventually(
                    "events",
                    () -> stage.client
                            .v1()
                            .events()
                            .inNamespace(stage.namespace)
                            .list()
                            .getItems(),
                    events -> events.size() >= 2);
            assertThat(stage.condition("demo", "Degraded").get("status")).isEqualTo("False");
        }
    }

    @Test
    void aSecretIsWatchedOnceARoleOfItsNamespaceNamesIt(ApiServer server) {
        try (var client = server.clientOf(NAMESPACE, ACCOUNT);
                var stage = new Stage(server, client)) {
            mayWatch(stage, "shop-tls");
            stage.user(
                    "demo",
                    "{loadBalancer: {listeners: [{name: https, port: 8443, nodePort: %d, backend: http, tls: {certificates: [{secret: shop-tls}, {secret: other-tls}]}}]}}"
                            .formatted(stage.nodePort(0)));

            assertThat(stage.seesCondition("demo", "Degraded", "True", "SecretMissing")
                            .get("message"))
                    .asString()
                    .contains("Secret shop-tls is not there")
                    .doesNotContain("other-tls");
            assertThatThrownBy(
                            () -> client.secrets().inNamespace(stage.namespace).list())
                    .hasMessageContaining("Forbidden");
        }
    }

    /** As docs/tls.md tells. */
    private static void mayWatch(Stage stage, String secret) {
        stage.client
                .resource("""
                        apiVersion: rbac.authorization.k8s.io/v1
                        kind: Role
                        metadata: {name: tickstorm-secrets}
                        rules:
                          - {apiGroups: [""], resources: [secrets], resourceNames: [%s], verbs: [list, watch]}
                        """.formatted(secret))
                .inNamespace(stage.namespace)
                .create();
        stage.client
                .resource("""
                        apiVersion: rbac.authorization.k8s.io/v1
                        kind: RoleBinding
                        metadata: {name: tickstorm-secrets}
                        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: tickstorm-secrets}
                        subjects: [{kind: ServiceAccount, name: %s, namespace: %s}]
                        """.formatted(ACCOUNT, NAMESPACE))
                .inNamespace(stage.namespace)
                .create();
    }

    @Test
    void theOperatorIsElectedAndCheckedWithItsOwnRights(ApiServer server) {
        var settings = new OperatorSettings(
                Stage.DEFAULTS, List.of(), true, NAMESPACE, "tickstorm-operator-leader", "permitted", 0, 0);

        try (var client = server.clientOf(NAMESPACE, ACCOUNT);
                var operator = new Operator(client, settings, new SimpleMeterRegistry())) {
            operator.start();
            eventually("leads", operator::leading, leading -> leading);

            assertThat(InstallationCheck.problems(client, settings, InstantSource.system()))
                    .isEmpty();
            var role = server.client()
                    .rbac()
                    .roles()
                    .inNamespace(NAMESPACE)
                    .withName("tickstorm-operator-leader")
                    .get();
            var lease = server.client()
                    .leases()
                    .inNamespace(NAMESPACE)
                    .withName(Operator.LEASE)
                    .get();
            assertThat(lease.getMetadata().getOwnerReferences())
                    .as("uninstalled with the Role that allows it")
                    .singleElement()
                    .satisfies(owner -> assertThat(owner.getUid())
                            .isEqualTo(role.getMetadata().getUid()));
        }
    }

    private static void apply(KubernetesClient client, String file) throws IOException {
        try (var manifests = Files.newInputStream(MANIFESTS.resolve(file))) {
            client.load(manifests).inNamespace(NAMESPACE).serverSideApply();
        }
    }
}
