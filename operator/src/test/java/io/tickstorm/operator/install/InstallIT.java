package io.tickstorm.operator.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tickstorm.operator.Kubectl;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Both ways of installing, on an API server that has not heard of the product. */
@ExtendWith(Installation.Extension.class)
class InstallIT {
    private final Installation there;

    InstallIT(Installation there) {
        this.there = there;
    }

    @AfterEach
    void forget() {
        there.forget("leaves", "nothing", "restricted");
    }

    @Test
    void uninstallLeavesOnlyTheDefinition() {
        there.install("leaves", "{networkPolicy: {enabled: true}, dashboards: {enabled: true}}");
        assertThat(there.own("leaves")).hasSizeGreaterThanOrEqualTo(10);

        there.uninstall("leaves");

        assertThat(there.own("leaves")).isEmpty();
        assertThat(there.definition()).isNotNull();
    }

    @Test
    void uninstallLeavesNothingWhereTheDefinitionIsNotKept() {
        there.install("nothing", "{crds: {keep: false}}");
        assertThat(there.definition()).isNotNull();

        there.uninstall("nothing");

        assertThat(there.own("nothing")).isEmpty();
        there.awaitNoDefinition();
    }

    @Test
    void kustomizeMakesWhatTheTestsCompareWithTheChart() throws Exception {
        for (var folder : List.of("k8s", "k8s/monitoring")) {
            var made = Manifest.all(kustomize(Manifest.ROOT.resolve(folder).toString()));

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
        var objects = there.client()
                .resourceList(kustomize(Manifest.ROOT.resolve("k8s").toString()))
                .items();

        for (var object : objects) {
            assertThat(there.client()
                            .resource(object)
                            .serverSideApply()
                            .getMetadata()
                            .getUid())
                    .isNotBlank();
        }
        objects.forEach(object -> there.client().resource(object).delete());
    }

    @Test
    void thePodsOfTheChartKeepToTheRestrictedProfile() {
        there.client()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName("restricted")
                        .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                        .endMetadata()
                        .build())
                .create();
        there.install("restricted", "{crds: {enabled: false}}");
        var template = there.client()
                .apps()
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

        assertThat(there.client().resource(pod).create().getMetadata().getUid()).isNotBlank();
        for (var hook : Chart.hooks("{cluster: {create: true}}")) {
            var spec = hook.at(hook.kind().equals("Job") ? "spec.template.spec" : "spec");
            var once = new PodBuilder(pod)
                    .editMetadata()
                    .withName(hook.name())
                    .endMetadata()
                    .withSpec(there.client().getKubernetesSerialization().convertValue(spec, PodSpec.class))
                    .build();
            assertThat(there.client().resource(once).create().getMetadata().getUid())
                    .isNotBlank();
        }
        assertThatThrownBy(() -> there.client().resource(privileged(pod)).create())
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("violates PodSecurity");
        there.uninstall("restricted");
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

    private static String kustomize(String folder) {
        var made = Kubectl.run("kustomize", folder);
        assertThat(made.code()).as(made.output()).isZero();
        return made.output();
    }
}
