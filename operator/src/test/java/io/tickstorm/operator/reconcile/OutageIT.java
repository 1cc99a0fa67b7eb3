package io.tickstorm.operator.reconcile;

import static io.tickstorm.operator.reconcile.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The API server dies, forgets and freezes under the operator. */
class OutageIT {
    /** A client's waits between attempts grow to half a minute. */
    private static final Duration RECOVERY = Duration.ofMinutes(3);

    private MortalServer server;
    private KubernetesClient client;

    @BeforeEach
    void begin() {
        server = new MortalServer();
        client = server.server().newClient();
    }

    @AfterEach
    void end() {
        client.close();
        server.close();
    }

    @Test
    void afterTheServerWasKilledDriftIsCorrectedAndWishesAreHeard() {
        try (var stage = new Stage(server.server(), client)) {
            stage.user("demo", stage.spec(""));
            stage.sees(Deployment.class, "demo-proxy");

            server.kill();
            server.begin();

            driftIsCorrectedAndWishesAreHeard(stage);
        }
    }

    @Test
    void whatHappenedUnseenAndWasForgottenIsFoundByListingAnew() {
        try (var stage = new Stage(server.server(), client)) {
            stage.user("demo", stage.spec(""));
            var before = stage.sees(Service.class, "demo-proxy");
            stage.seesCondition("demo", "Ready", "False", "RollingOut");

            server.elsewhere(there -> there.services()
                    .inNamespace(stage.namespace)
                    .withName("demo-proxy")
                    .delete());
            server.begin();

            assertThat(server.watchFrom(stage.namespace, before.getMetadata().getResourceVersion()))
                    .as("answer to a watch from before")
                    .contains("410");
            eventually("the Service back", RECOVERY, () -> service(stage), back -> true);
        }
    }

    @Test
    void aLeaderWhoseServerIsFrozenStandsBackAndWorksOnWhenItThaws() {
        try (var stage = new Stage(server.server(), client, true)) {
            stage.user("demo", stage.spec(""));
            stage.sees(Deployment.class, "demo-proxy");

            server.freeze();
            eventually("stands back", RECOVERY, stage.operator()::leading, leading -> !leading);
            server.thaw();

            eventually("leads again", RECOVERY, stage.operator()::leading, leading -> leading);
            driftIsCorrectedAndWishesAreHeard(stage);
        }
    }

    private static void driftIsCorrectedAndWishesAreHeard(Stage stage) {
        stage.client
                .services()
                .inNamespace(stage.namespace)
                .withName("demo-proxy")
                .delete();
        stage.user("demo", stage.spec(", backend: {replicas: 7}"));
        eventually("the Service back", RECOVERY, () -> service(stage), back -> true);
        eventually(
                "7 replicas",
                RECOVERY,
                () -> stage.sees(Deployment.class, "demo-backend").getSpec().getReplicas(),
                replicas -> replicas == 7);
    }

    private static Service service(Stage stage) {
        return stage.client
                .services()
                .inNamespace(stage.namespace)
                .withName("demo-proxy")
                .get();
    }
}
