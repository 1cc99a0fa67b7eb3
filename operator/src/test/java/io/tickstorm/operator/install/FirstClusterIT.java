package io.tickstorm.operator.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The cluster to begin with, which the chart makes by a Job: at the first install the API server does not know the kind yet. */
@ExtendWith(Installation.Extension.class)
class FirstClusterIT {
    private static final int DEFAULT_REPLICAS = 3;

    private final Installation there;

    FirstClusterIT(Installation there) {
        this.there = there;
    }

    @AfterEach
    void forget() {
        there.forget("outlives", "leaves", "refused");
    }

    /** At the first install the API server does not know the kind yet, and nobody waits for it. */
    @Test
    void theClusterToBeginWithComesWithTheFirstInstallAndFollowsItsValues() throws Exception {
        try (var kubelet = new HookRunner(there.server(), "outlives")) {
            var release =
                    there.install("outlives", "{cluster: {create: true, name: shop, spec: {backend: {replicas: 5}}}}");
            assertThat(release.getOutput()).contains("kubectl -n outlives wait --for=condition=Ready tsc/shop");
            var first = there.cluster("outlives", "shop");
            assertThat(first.<Integer>get("spec", "backend", "replicas")).isEqualTo(5);
            assertThat(first.getMetadata().getOwnerReferences()).isEmpty();
            assertThat(jobs("outlives")).as("goes when it has done its work").isEmpty();

            there.client()
                    .genericKubernetesResources("tickstorm.io/v1alpha1", "TickStormCluster")
                    .inNamespace("outlives")
                    .withName("shop")
                    .patch(
                            PatchContext.of(PatchType.JSON_MERGE),
                            "{\"spec\": {\"backend\": {\"replicas\": 9}, \"loadBalancer\": {\"replicas\": 3}}}");
            there.upgrade(
                    "outlives",
                    "{replicas: 3, cluster: {create: true, name: shop, spec: {backend: {replicas: 6}, availability: {}}}}");
            var upgraded = there.cluster("outlives", "shop");
            assertThat(upgraded.getMetadata().getUid())
                    .isEqualTo(first.getMetadata().getUid());
            assertThat(upgraded.<Integer>get("spec", "backend", "replicas"))
                    .as("what the values name is theirs")
                    .isEqualTo(6);
            assertThat(upgraded.<Integer>get("spec", "loadBalancer", "replicas"))
                    .as("what they leave out is not")
                    .isEqualTo(3);

            there.upgrade("outlives", "{cluster: {create: true, name: shop, spec: {}}}");
            assertThat(there.cluster("outlives", "shop").<Integer>get("spec", "backend", "replicas"))
                    .as("what they name no more has its default")
                    .isEqualTo(DEFAULT_REPLICAS);

            there.uninstall("outlives");
            assertThat(there.cluster("outlives", "shop").getMetadata().getUid())
                    .isEqualTo(first.getMetadata().getUid());
            assertThat(there.own("outlives")).isEmpty();

            there.install("outlives", "{cluster: {create: true, name: shop}}");
            assertThat(there.cluster("outlives", "shop").getMetadata().getUid())
                    .isEqualTo(first.getMetadata().getUid());
            assertThat(kubelet.ended()).hasSize(4);
        }
        there.uninstall("outlives");
    }

    @Test
    void theClusterGoesWithTheReleaseWhereItIsNotKept() throws Exception {
        there.install("outlives", "");
        try (var kubelet = new HookRunner(there.server(), "leaves")) {
            there.install(
                    "leaves",
                    "{crds: {enabled: false, keep: false}, customMetrics: {enabled: false}, rbac: {aggregate: false}, watchNamespaces: [leaves], cluster: {create: true}}");
            assertThat(kubelet.ended()).hasSize(1);
        }

        // Controllers, which are not here, delete what belongs to nobody any more.
        var map = there.client()
                .configMaps()
                .inNamespace("leaves")
                .withName("tickstorm-operator-cluster")
                .get();
        assertThat(there.cluster("leaves", "demo").getMetadata().getOwnerReferences())
                .singleElement()
                .satisfies(owner ->
                        assertThat(owner.getUid()).isEqualTo(map.getMetadata().getUid()));
        there.uninstall("leaves");
        assertThat(there.own("leaves")).doesNotContain("ConfigMap/tickstorm-operator-cluster");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {backend: {replicas: -1}} | spec.backend.replicas
            {backend: {replica: 1}}   | spec.backend.replica: field not declared
            """)
    void aClusterOfWrongWordsIsRefusedAtOnceAndLeavesNothing(String spec, String message) throws Exception {
        try (var kubelet = new HookRunner(there.server(), "refused")) {
            assertThatThrownBy(() -> there.install("refused", "{cluster: {create: true, spec: " + spec + "}}"))
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
        there.uninstall("refused");
        assertThat(there.own("refused")).as("goes by itself").containsExactly("Job/tickstorm-operator-cluster");
        there.client().batch().v1().jobs().inNamespace("refused").delete();
    }

    private List<Job> jobs(String namespace) {
        return there.client().batch().v1().jobs().inNamespace(namespace).list().getItems();
    }
}
