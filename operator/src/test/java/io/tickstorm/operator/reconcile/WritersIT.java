package io.tickstorm.operator.reconcile;

import static io.tickstorm.operator.reconcile.Eventually.eventually;
import static io.tickstorm.operator.reconcile.Eventually.written;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.tickstorm.operator.ApiServer;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Others write what the operator writes, at the same time. */
@ExtendWith(ApiServer.Extension.class)
class WritersIT {
    private static final int WRITES = 20;

    private final Stage stage;

    WritersIT(ApiServer server) {
        stage = new Stage(server);
    }

    @AfterEach
    void end() {
        stage.close();
    }

    @Test
    void whoeverFightsForAFieldLosesInTheEndAndNobodyWritesOnAfterwards() {
        stage.user("demo", stage.spec(""));
        stage.sees(Deployment.class, "demo-proxy");

        for (int i = 0; i < WRITES; i++) {
            patch(
                    "demo-proxy",
                    "{\"spec\": {\"replicas\": %d}, \"metadata\": {\"annotations\": {\"example.com/round\": \"%d\"}}}"
                            .formatted(10 + i, i));
        }

        var settled = stage.sees(
                Deployment.class, "demo-proxy", seen -> seen.getSpec().getReplicas() == 2);
        assertThat(settled.getMetadata().getAnnotations()).containsEntry("example.com/round", "" + (WRITES - 1));
        // each write of the other is answered by one of ours at most
        assertThat(settled.getMetadata().getGeneration()).isLessThanOrEqualTo(1 + 2 * WRITES);
        stage.client
                .services()
                .inNamespace(stage.namespace)
                .withName("demo-metrics")
                .delete();
        stage.sees(Service.class, "demo-metrics", seen -> seen.getMetadata().getDeletionTimestamp() == null);
        assertThat(stage.sees(Deployment.class, "demo-proxy").getMetadata().getGeneration())
                .isEqualTo(settled.getMetadata().getGeneration());
    }

    @Test
    void twoPeopleWhoWriteDifferentFieldsAtOnceAreBothHeard() {
        stage.user("demo", stage.spec(""));
        stage.sees(Deployment.class, "demo-proxy");

        try (var people = Executors.newVirtualThreadPerTaskExecutor()) {
            IntStream.rangeClosed(1, WRITES).forEach(i -> {
                people.execute(() -> write("one", "{backend: {replicas: %d}}".formatted(i)));
                people.execute(() -> write("two", "{loadBalancer: {replicas: %d}}".formatted(i)));
            });
        }
        write("one", "{backend: {replicas: 7}}");
        write("two", "{loadBalancer: {replicas: 6}}");

        stage.sees(Deployment.class, "demo-backend", seen -> seen.getSpec().getReplicas() == 7);
        stage.sees(Deployment.class, "demo-proxy", seen -> seen.getSpec().getReplicas() == 6);
        var generation = stage.cluster("demo").getMetadata().getGeneration().intValue();
        eventually(
                "the last generation reported on",
                () -> stage.cluster("demo").<Object>get("status", "observedGeneration"),
                observed -> observed.equals(generation));
    }

    @Test
    void aStatusThatSomebodyElseWritesIsWrittenAnew() {
        stage.user("demo", stage.spec(""));
        stage.seesCondition("demo", "Ready", "False", "RollingOut");

        written("status of demo", () -> {
            var cluster = stage.cluster("demo");
            cluster.setAdditionalProperty("status", Map.of("observedGeneration", 99));
            stage.client.resource(cluster).updateStatus();
        });

        stage.seesCondition("demo", "Ready", "False", "RollingOut");
        assertThat(stage.cluster("demo").<Object>get("status", "observedGeneration"))
                .isEqualTo(1);
    }

    private void patch(String deployment, String change) {
        stage.client
                .apps()
                .deployments()
                .inNamespace(stage.namespace)
                .withName(deployment)
                .patch(PatchContext.of(PatchType.JSON_MERGE), change);
    }

    private void write(String writer, String spec) {
        stage.client
                .resource("""
                        apiVersion: tickstorm.io/v1alpha1
                        kind: TickStormCluster
                        metadata: {name: demo}
                        spec: %s
                        """.formatted(spec))
                .inNamespace(stage.namespace)
                .fieldManager(writer)
                .forceConflicts()
                .serverSideApply();
    }
}
