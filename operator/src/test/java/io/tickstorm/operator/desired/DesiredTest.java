package io.tickstorm.operator.desired;

import static io.tickstorm.operator.desired.Samples.cluster;
import static io.tickstorm.operator.desired.Samples.object;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.tickstorm.operator.crd.ClusterSpec;
import io.tickstorm.operator.crd.TickStormCluster;
import io.tickstorm.proxy.config.ConfigResult;
import io.tickstorm.proxy.config.ProxyConfig;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DesiredTest {
    private static final String OWN_IMAGE = "{backend: {image: 'registry.example/shop:1', ports: {web: 3000}}}";

    @Test
    void anEmptySpecIsThreeBackendsTwoProxiesAndBothNodePorts() {
        var cluster = cluster("{}");

        assertThat(object(cluster, Deployment.class, "demo-backend").getSpec().getReplicas())
                .isEqualTo(3);
        assertThat(object(cluster, Deployment.class, "demo-proxy").getSpec().getReplicas())
                .isEqualTo(2);
        var front = object(cluster, Service.class, "demo-proxy").getSpec();
        assertThat(front.getType()).isEqualTo("NodePort");
        assertThat(front.getPorts())
                .extracting(ServicePort::getName, ServicePort::getNodePort)
                .containsExactly(tuple("http", 30081), tuple("tcp", 30080));
    }

    @Test
    void noSpecMeansTheSameAsAnEmptyOne() {
        assertThat(cluster("").getSpec()).isEqualTo(cluster("{}").getSpec()).isEqualTo(ClusterSpec.defaults());
    }

    @ParameterizedTest
    @MethodSource("io.tickstorm.operator.desired.Samples#names")
    void theProxyAcceptsTheConfigurationItIsGiven(String sample) {
        var cluster = Samples.sample(sample);

        var yaml = object(cluster, ConfigMap.class, cluster.getMetadata().getName() + "-proxy")
                .getData()
                .get("proxy.yaml");

        assertThat(ProxyConfig.read(yaml, "proxy.yaml")).as(yaml).isInstanceOf(ConfigResult.Valid.class);
    }

    @Test
    void theReferenceBackendListensWhereItsPortsSay() {
        var container = backend("{backend: {ports: {http: 9000}, env: [{name: DRAIN_DELAY, value: 3s}]}}");

        assertThat(container.getEnv())
                .extracting(EnvVar::getName, EnvVar::getValue)
                .contains(tuple("HTTP_PORT", "9000"), tuple("TCP_PORT", "8080"), tuple("DRAIN_DELAY", "3s"))
                .doesNotHaveDuplicates();
        assertThat(container.getReadinessProbe().getHttpGet().getPort()).isEqualTo(new IntOrString("health"));
    }

    @Test
    void anImageOfOnesOwnIsReadyWhenItsPortAccepts() {
        var container = backend(OWN_IMAGE);

        assertThat(container.getReadinessProbe().getTcpSocket().getPort()).isEqualTo(new IntOrString("web"));
        assertThat(container.getLivenessProbe()).isNull();
    }

    @Test
    void anImageOfOnesOwnMayRunAsRootUnlessItIsAskedNotTo() {
        var asked = "{backend: {image: 'registry.example/shop:1', ports: {web: 3000}, podSecurity: Restricted}}";

        var free = object(cluster(OWN_IMAGE), Deployment.class, "demo-backend")
                .getSpec()
                .getTemplate()
                .getSpec();
        var bound = object(cluster(asked), Deployment.class, "demo-backend")
                .getSpec()
                .getTemplate()
                .getSpec();

        assertThat(free.getSecurityContext().getRunAsNonRoot()).isNull();
        assertThat(free.getContainers().getFirst().getSecurityContext().getAllowPrivilegeEscalation())
                .isFalse();
        assertThat(bound.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(bound.getContainers()
                        .getFirst()
                        .getSecurityContext()
                        .getCapabilities()
                        .getDrop())
                .containsExactly("ALL");
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo-backend", "demo-proxy"})
    void ourOwnPodsAreRestricted(String name) {
        var pod = object(cluster("{}"), Deployment.class, name)
                .getSpec()
                .getTemplate()
                .getSpec();

        var rights = pod.getContainers().getFirst().getSecurityContext();
        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertThat(rights.getReadOnlyRootFilesystem()).isTrue();
        assertThat(rights.getAllowPrivilegeEscalation()).isFalse();
        assertThat(rights.getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(pod.getContainers().getFirst().getResources().getLimits()).containsKey("memory");
    }

    @Test
    void aProxyMaySeeEndpointSlicesAndNothingElse() {
        var rules = object(cluster("{}"), Role.class, "demo-proxy").getRules();

        assertThat(rules).singleElement().satisfies(rule -> {
            assertThat(rule).extracting(PolicyRule::getApiGroups).isEqualTo(List.of("discovery.k8s.io"));
            assertThat(rule.getResources()).containsExactly("endpointslices");
            assertThat(rule.getVerbs()).containsExactly("list", "watch");
        });
    }

    @Test
    void aProxyMayListenOnPort80WithoutBeingRoot() {
        var pod = object(cluster("{}"), Deployment.class, "demo-proxy")
                .getSpec()
                .getTemplate()
                .getSpec();

        assertThat(pod.getSecurityContext().getSysctls()).singleElement().satisfies(sysctl -> {
            assertThat(sysctl.getName()).isEqualTo("net.ipv4.ip_unprivileged_port_start");
            assertThat(sysctl.getValue()).isEqualTo("0");
        });
    }

    @Test
    void thePodsOfProxiesDoNotNameTheListeners() {
        var one = cluster("{loadBalancer: {listeners: [{name: http, port: 80}]}}");
        var two =
                cluster("{loadBalancer: {listeners: [{name: http, port: 80}, {name: tcp, protocol: TCP, port: 90}]}}");

        assertThat(pod(two).getSpec()).isEqualTo(pod(one).getSpec());
        assertThat(object(two, Service.class, "demo-proxy").getSpec().getPorts())
                .extracting(ServicePort::getTargetPort)
                .containsExactly(new IntOrString(80), new IntOrString(90));
    }

    private static PodTemplateSpec pod(TickStormCluster cluster) {
        return object(cluster, Deployment.class, "demo-proxy").getSpec().getTemplate();
    }

    @Test
    void aBackendPortMayBeNamedByItsNumber() {
        var yaml = object(
                        cluster("{loadBalancer: {listeners: [{name: web, port: 80, backendPort: 8000}]}}"),
                        ConfigMap.class,
                        "demo-proxy")
                .getData()
                .get("proxy.yaml");

        assertThat(yaml).contains("port: http");
    }

    @Test
    void aServiceOfTypeClusterIpHasNoNodePorts() {
        var front = object(cluster("{loadBalancer: {service: {type: ClusterIP}}}"), Service.class, "demo-proxy")
                .getSpec();

        assertThat(front.getPorts()).extracting(ServicePort::getNodePort).containsOnlyNulls();
        assertThat(front.getExternalTrafficPolicy()).isNull();
    }

    @Test
    void autoscalingBeginsWithinItsBounds() {
        var cluster = cluster("{backend: {replicas: 1}, autoscaling: {backend: {minReplicas: 4, maxReplicas: 8}}}");

        var autoscaler =
                object(cluster, HorizontalPodAutoscaler.class, "demo-backend").getSpec();
        assertThat(object(cluster, Deployment.class, "demo-backend").getSpec().getReplicas())
                .isEqualTo(4);
        assertThat(autoscaler.getMinReplicas()).isEqualTo(4);
        assertThat(autoscaler.getMaxReplicas()).isEqualTo(8);
        assertThat(autoscaler.getMetrics())
                .extracting(
                        metric -> metric.getResource().getName(),
                        metric -> metric.getResource().getTarget().getAverageUtilization())
                .containsExactly(tuple("cpu", 70), tuple("memory", 80));
    }

    @Test
    void connectionsAreLookedAtWhileTheOperatorServesThem() {
        var cluster = cluster("{autoscaling: {backend: {}}}");
        var served = new Situation(Samples.DEFAULTS, new Surroundings(true, false, false));

        assertThat(measured(cluster, served)).containsExactly("cpu 70", "memory 80", "connections 80000");
        assertThat(measured(cluster, Situation.of(Samples.DEFAULTS))).containsExactly("cpu 70", "memory 80");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {autoscaling: {backend: {connections: 100}}}                                               | cpu 70, memory 80, connections 100
            {autoscaling: {backend: {cpu: 0, memory: 0, connections: 100}}}                            | connections 100
            {autoscaling: {backend: {memory: 0, connections: 0}}}                                      | cpu 70
            {backend: {image: 'a:1', ports: {web: 80}}, autoscaling: {backend: {}}}                    | connections 80000
            """)
    void connectionsAreLookedAtWhereTheResourceGivesThemOrNothingElseIs(String spec, String expected) {
        assertThat(String.join(", ", measured(cluster(spec), Situation.of(Samples.DEFAULTS))))
                .isEqualTo(expected);
    }

    @Test
    void podsComeByHalfAMinuteAndGoByATenthAfterFiveMinutes() {
        var behavior = object(cluster("{autoscaling: {backend: {}}}"), HorizontalPodAutoscaler.class, "demo-backend")
                .getSpec()
                .getBehavior();

        assertThat(Serialization.asJson(behavior))
                .isEqualTo(
                        "{\"scaleDown\":{\"policies\":[{\"periodSeconds\":60,\"type\":\"Percent\",\"value\":10}],\"stabilizationWindowSeconds\":300},"
                                + "\"scaleUp\":{\"policies\":[{\"periodSeconds\":60,\"type\":\"Percent\",\"value\":50}],\"stabilizationWindowSeconds\":60}}");
    }

    @Test
    void aDirectionWithoutPercentIsSwitchedOff() {
        var behavior = object(
                        cluster("{autoscaling: {backend: {scaleDown: {percent: 0, window: 1500ms}}}}"),
                        HorizontalPodAutoscaler.class,
                        "demo-backend")
                .getSpec()
                .getBehavior();

        assertThat(behavior.getScaleDown().getSelectPolicy()).isEqualTo("Disabled");
        assertThat(behavior.getScaleDown().getStabilizationWindowSeconds()).isEqualTo(2);
        assertThat(behavior.getScaleUp().getSelectPolicy()).isNull();
    }

    @Test
    void autoscalingThatIsSwitchedOffLeavesNoAutoscaler() {
        var objects = Desired.of(cluster("{autoscaling: {backend: {enabled: false}}}"), Situation.of(Samples.DEFAULTS));

        assertThat(objects).noneMatch(HorizontalPodAutoscaler.class::isInstance);
    }

    @Test
    void everyObjectSaysWhoseItIs() {
        assertThat(Desired.of(cluster("{}"), Situation.of(Samples.DEFAULTS)))
                .allSatisfy(object -> assertThat(labels(object))
                        .containsEntry("app.kubernetes.io/managed-by", "tickstorm-operator")
                        .containsEntry("app.kubernetes.io/instance", "demo")
                        .containsEntry("tickstorm.io/cluster", "demo")
                        .containsKeys(
                                "app.kubernetes.io/name", "app.kubernetes.io/component", "tickstorm.io/component"));
    }

    @Test
    void whatAnApiServerKnowsIsOwnedByItsCluster() {
        var cluster = cluster("{}");
        cluster.getMetadata().setUid("u-1");

        assertThat(Desired.of(cluster, Situation.of(Samples.DEFAULTS)))
                .allSatisfy(object -> assertThat(object.getMetadata().getOwnerReferences())
                        .singleElement()
                        .satisfies(owner -> {
                            assertThat(owner.getUid()).isEqualTo("u-1");
                            assertThat(owner.getController()).isTrue();
                            assertThat(owner.getBlockOwnerDeletion()).isTrue();
                        }));
    }

    private static Container backend(String spec) {
        return object(cluster(spec), Deployment.class, "demo-backend")
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst();
    }

    private static Map<String, String> labels(HasMetadata object) {
        return object.getMetadata().getLabels();
    }

    /** What the autoscaler of the backends looks at, with the targets. */
    private static List<String> measured(TickStormCluster cluster, Situation situation) {
        return Desired.of(cluster, situation).stream()
                .filter(HorizontalPodAutoscaler.class::isInstance)
                .map(HorizontalPodAutoscaler.class::cast)
                .flatMap(autoscaler -> autoscaler.getSpec().getMetrics().stream())
                .map(metric -> metric.getResource() != null
                        ? metric.getResource().getName() + " "
                                + metric.getResource().getTarget().getAverageUtilization()
                        : "connections " + metric.getPods().getTarget().getAverageValue())
                .toList();
    }
}
