package io.tickstorm.operator.reconcile;

import static io.tickstorm.operator.reconcile.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tickstorm.operator.ApiServer;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two processes of the operator, of which one leads. */
@ExtendWith(ApiServer.Extension.class)
class LeadershipIT {
    private final ApiServer server;
    private final String namespace;

    LeadershipIT(ApiServer server) {
        this.server = server;
        this.namespace = server.newNamespace();
    }

    @Test
    void theSecondLeadsWhenTheFirstEndsInOrder() {
        try (var firstClient = server.newClient();
                var secondClient = server.newClient();
                var second = operator(secondClient, "second")) {
            var first = operator(firstClient, "first");
            first.start();
            eventually("first leads", first::leading, leading -> leading);
            second.start();
            assertThat(second.leading()).isFalse();

            first.close();

            assertThat(first.leading()).isFalse();
            eventually("second leads", second::leading, leading -> leading);
            assertThat(holder()).isEqualTo("second");
        }
    }

    @Test
    void theSecondTakesOverTheWorkOfOneThatVanished() {
        var firstClient = server.newClient();
        try (var secondClient = server.newClient();
                var second = operator(secondClient, "second")) {
            var first = operator(firstClient, "first");
            first.start();
            eventually("first leads", first::leading, leading -> leading);
            second.start();
            user("demo", 2);
            eventually("made by the first", () -> replicas("demo"), replicas -> replicas == 2);
            assertThat(second.leading()).isFalse();

            // as if its machine were gone: nothing is released, nothing is said
            firstClient.close();

            eventually("second leads", second::leading, leading -> leading);
            user("demo", 5);
            eventually("changed by the second", () -> replicas("demo"), replicas -> replicas == 5);
            assertThat(holder()).isEqualTo("second");
            first.close();
        }
    }

    @Test
    void anOperatorWhoseLeaseIsTakenStandsBackAndStandsAgain() {
        try (var client = server.newClient();
                var operator = operator(client, "robbed")) {
            operator.start();
            eventually("leads", operator::leading, leading -> leading);

            // not an edit, which would meet the leader's own renewals
            server.client()
                    .leases()
                    .inNamespace(namespace)
                    .withName("tickstorm-operator")
                    .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\": {\"holderIdentity\": \"thief\"}}");

            eventually("stands back", operator::leading, leading -> !leading);
            server.client()
                    .leases()
                    .inNamespace(namespace)
                    .withName("tickstorm-operator")
                    .delete();
            eventually("leads again", operator::leading, leading -> leading);
        }
    }

    @Test
    void theCheckOfAnInstallationSeesWhetherAnybodyLeads() {
        var settings = new OperatorSettings(Stage.DEFAULTS, List.of(namespace), true, namespace, "", "check", 0, 0);

        try (var client = server.newClient();
                var operator = operator(client, "only")) {
            assertThat(InstallationCheck.problems(client, settings, InstantSource.system()))
                    .singleElement()
                    .asString()
                    .startsWith("no process of the operator leads");

            operator.start();
            eventually("leads", operator::leading, leading -> leading);

            assertThat(InstallationCheck.problems(client, settings, InstantSource.system()))
                    .isEmpty();
        }
    }

    private Operator operator(KubernetesClient client, String identity) {
        var settings = new OperatorSettings(Stage.DEFAULTS, List.of(namespace), true, namespace, "", identity, 0, 0);
        return new Operator(client, settings, new SimpleMeterRegistry());
    }

    private void user(String name, int replicas) {
        server.client()
                .resource("""
                        apiVersion: tickstorm.io/v1alpha1
                        kind: TickStormCluster
                        metadata: {name: %s}
                        spec: {backend: {replicas: %d}, loadBalancer: {service: {type: ClusterIP}}}
                        """.formatted(name, replicas))
                .inNamespace(namespace)
                .fieldManager("kubectl")
                .forceConflicts()
                .serverSideApply();
    }

    private Integer replicas(String name) {
        var deployment = server.client()
                .apps()
                .deployments()
                .inNamespace(namespace)
                .withName(name + "-backend")
                .get();
        return deployment == null ? null : deployment.getSpec().getReplicas();
    }

    private String holder() {
        return server.client()
                .leases()
                .inNamespace(namespace)
                .withName("tickstorm-operator")
                .get()
                .getSpec()
                .getHolderIdentity();
    }
}
