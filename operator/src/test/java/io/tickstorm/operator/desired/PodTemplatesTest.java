package io.tickstorm.operator.desired;

import static io.tickstorm.operator.desired.Samples.cluster;
import static io.tickstorm.operator.desired.Samples.object;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the resource says of pods beside what they run. */
class PodTemplatesTest {
    private static final String POD = """
            {labels: {team: shop}, annotations: {example.com/note: mine}, nodeSelector: {disk: ssd},
             tolerations: [{key: spot, operator: Exists, effect: NoExecute, tolerationSeconds: 60}],
             affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: arch, operator: In, values: [arm64]}]}]}}},
             priorityClassName: high, imagePullSecrets: [registry]}
            """.replace("\n", " ");

    @ParameterizedTest
    @CsvSource({"backend, demo-backend", "loadBalancer, demo-proxy"})
    void podsCarryWhatTheResourceSaysOfThem(String component, String name) {
        var template = template("{" + component + ": {pod: " + POD + "}}", name);

        assertThat(template.getMetadata().getLabels())
                .containsEntry("team", "shop")
                .containsEntry("tickstorm.io/cluster", "demo");
        assertThat(template.getMetadata().getAnnotations()).containsEntry("example.com/note", "mine");
        var pod = template.getSpec();
        assertThat(pod.getNodeSelector()).containsEntry("disk", "ssd");
        assertThat(pod.getTolerations()).singleElement().satisfies(toleration -> {
            assertThat(toleration.getOperator()).isEqualTo("Exists");
            assertThat(toleration.getTolerationSeconds()).isEqualTo(60);
        });
        assertThat(pod.getAffinity()
                        .getNodeAffinity()
                        .getRequiredDuringSchedulingIgnoredDuringExecution()
                        .getNodeSelectorTerms()
                        .getFirst()
                        .getMatchExpressions()
                        .getFirst()
                        .getValues())
                .containsExactly("arm64");
        assertThat(pod.getPriorityClassName()).isEqualTo("high");
        assertThat(pod.getImagePullSecrets())
                .extracting(LocalObjectReference::getName)
                .containsExactly("registry");
    }

    @Test
    void backendsMayHaveAnAccountAndProxiesHaveTheirOwn() {
        var spec = "{backend: {serviceAccountName: shop}}";

        assertThat(template(spec, "demo-backend").getSpec().getServiceAccountName())
                .isEqualTo("shop");
        assertThat(template(spec, "demo-proxy").getSpec().getServiceAccountName())
                .isEqualTo("demo-proxy");
    }

    @Test
    void podsAreSpreadAndEvictedAsTheResourceSays() {
        var spec =
                "{availability: {disruptionBudget: {maxUnavailable: 25%}, topologySpread: {zoneMaxSkew: 2, whenUnsatisfiable: DoNotSchedule}}}";

        for (var name : new String[] {"demo-backend", "demo-proxy"}) {
            assertThat(template(spec, name).getSpec().getTopologySpreadConstraints())
                    .extracting(
                            TopologySpreadConstraint::getTopologyKey,
                            TopologySpreadConstraint::getMaxSkew,
                            TopologySpreadConstraint::getWhenUnsatisfiable)
                    .containsExactly(
                            tuple("topology.kubernetes.io/zone", 2, "DoNotSchedule"),
                            tuple("kubernetes.io/hostname", 1, "DoNotSchedule"));
            assertThat(object(cluster(spec), PodDisruptionBudget.class, name)
                            .getSpec()
                            .getMaxUnavailable())
                    .isEqualTo(new IntOrString("25%"));
        }
    }

    @Test
    void spreadAndBudgetsCanBeSwitchedOff() {
        var cluster = cluster("{availability: {disruptionBudget: {enabled: false}, topologySpread: {enabled: false}}}");

        assertThat(Desired.of(cluster, Situation.of(Samples.DEFAULTS)))
                .noneMatch(PodDisruptionBudget.class::isInstance);
        assertThat(object(cluster, Deployment.class, "demo-proxy")
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getTopologySpreadConstraints())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                                         |
            {loadBalancer: {resources: {limits: {memory: 1Gi}}}}       |
            {loadBalancer: {resources: {requests: {memory: 1Gi}}}}     | -XX:MaxRAM=1073741824
            {loadBalancer: {resources: {requests: {cpu: 1}}}}          | -XX:MaxRAM=268435456
            """)
    void aJvmWithoutALimitTakesItsRequestForTheMachine(String spec, String options) {
        var environment = template(spec, "demo-proxy")
                .getSpec()
                .getContainers()
                .getFirst()
                .getEnv();

        assertThat(environment.stream()
                        .filter(variable -> variable.getName().equals("JDK_JAVA_OPTIONS"))
                        .map(EnvVar::getValue)
                        .findFirst()
                        .orElse(null))
                .isEqualTo(options);
    }

    @Test
    void whoeverGivesTheReferenceBackendOptionsOfItsOwnIsHeeded() {
        var environment = template(
                        "{backend: {resources: {requests: {cpu: 1}}, env: [{name: JDK_JAVA_OPTIONS, value: -Xmx1g}]}}",
                        "demo-backend")
                .getSpec()
                .getContainers()
                .getFirst()
                .getEnv();

        assertThat(environment)
                .filteredOn(variable -> variable.getName().equals("JDK_JAVA_OPTIONS"))
                .extracting(EnvVar::getValue)
                .containsExactly("-Xmx1g");
    }

    private static PodTemplateSpec template(String spec, String name) {
        return object(cluster(spec), Deployment.class, name).getSpec().getTemplate();
    }
}
