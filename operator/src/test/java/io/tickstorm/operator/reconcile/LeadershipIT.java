package io.tickstorm.operator.reconcile;

import static io.tickstorm.operator.reconcile.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
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
    void anOperatorWhoseLeaseIsTakenStandsBackAndStandsAgain() {
        try (var client = server.newClient();
                var operator = operator(client, "robbed")) {
            operator.start();
            eventually("leads", operator::leading, leading -> leading);

            server.client()
                    .leases()
                    .inNamespace(namespace)
                    .withName("tickstorm-operator")
                    .edit(lease -> {
                        lease.getSpec().setHolderIdentity("thief");
                        return lease;
                    });

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
