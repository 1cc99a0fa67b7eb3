package io.tickstorm.operator.desired;

import static io.tickstorm.operator.desired.Samples.cluster;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.tickstorm.operator.crd.TickStormCluster;
import io.tickstorm.proxy.config.ConfigResult;
import io.tickstorm.proxy.config.ProxyConfig;
import io.tickstorm.proxy.listener.BackendShare;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The objects of two versions that run beside each other. */
class TracksTest {
    private static final TickStormCluster OLD = cluster("{backend: {image: 'shop:1', ports: {http: 80}}}");
    private static final TickStormCluster NEW = cluster("{backend: {image: 'shop:2', ports: {http: 81}, replicas: 5}}");

    @Test
    void eachVersionHasItsSlotAndItsPods() {
        var objects = objects(NEW, 25, null);

        assertThat(deployment(objects, "demo-backend").getSpec().getReplicas()).isEqualTo(4);
        assertThat(image(deployment(objects, "demo-backend"))).isEqualTo("shop:1");
        assertThat(deployment(objects, "demo-backend-green").getSpec().getReplicas())
                .isEqualTo(2);
        assertThat(image(deployment(objects, "demo-backend-green"))).isEqualTo("shop:2");
        assertThat(objects)
                .filteredOn(Service.class::isInstance)
                .extracting(object -> object.getMetadata().getName())
                .contains("demo-backend", "demo-backend-green");
        assertThat(objects)
                .filteredOn(PodDisruptionBudget.class::isInstance)
                .extracting(object -> object.getMetadata().getName())
                .contains("demo-backend", "demo-backend-green", "demo-proxy");
    }

    @Test
    void noPodBelongsToBothSlots() {
        var objects = objects(NEW, 25, null);

        var blue = deployment(objects, "demo-backend").getSpec();
        var green = deployment(objects, "demo-backend-green").getSpec();
        assertThat(blue.getSelector().getMatchLabels())
                .isNotEqualTo(green.getSelector().getMatchLabels());
        assertThat(green.getTemplate().getMetadata().getLabels())
                .containsAllEntriesOf(green.getSelector().getMatchLabels())
                .containsAllEntriesOf(Map.of("tickstorm.io/cluster", "demo", "app.kubernetes.io/component", "backend"));
        assertThat(blue.getTemplate().getMetadata().getLabels())
                .containsAllEntriesOf(Map.of("tickstorm.io/cluster", "demo", "app.kubernetes.io/component", "backend"));
    }

    @Test
    void theProxiesShareWhatComesIn() {
        assertThat(shares(objects(NEW, 25, null)))
                .containsExactly(new BackendShare("http", 75), new BackendShare("http-green", 25));
    }

    @Test
    void aVersionWithoutAShareIsKnownAlready() {
        assertThat(shares(objects(NEW, 0, null)))
                .containsExactly(new BackendShare("http", 100), new BackendShare("http-green", 0));
    }

    @Test
    void aPortWithAnotherNameIsFoundByItsNumberOrAsTheOnlyOne() {
        var renamed = cluster("{backend: {image: 'shop:2', ports: {web: 80}}}");

        assertThat(shares(objects(renamed, 0, null)))
                .containsExactly(new BackendShare("web", 100), new BackendShare("web-green", 0));
        assertThat(configuration(objects(renamed, 0, null))).contains("port: http", "port: web");
    }

    @Test
    void aPortThatOnlyTheNewVersionHasIsServedByIt() {
        var old = cluster("{backend: {image: 'shop:1', ports: {http: 80, admin: 90}}}");
        var more = cluster("{backend: {image: 'shop:2', ports: {http: 80, feed: 81}},"
                + " loadBalancer: {listeners: [{name: http, port: 8080}, {name: feed, protocol: TCP, port: 8090}]}}");

        var config = config(
                Desired.of(more, new Situation(Samples.DEFAULTS, Surroundings.NONE, tracks(old, more, 0, null))));

        assertThat(config.listeners().get(1).backends()).containsExactly(new BackendShare("feed-green", 1));
    }

    @Test
    void thePodsOfARunningVersionStayAsTheyAreWhileListenersAlreadyNameOtherPorts() {
        var renamed = cluster("{backend: {image: 'shop:2', ports: {web: 81}},"
                + " loadBalancer: {listeners: [{name: web, port: 8080}]}}");

        var before = deployment(Desired.of(OLD, Situation.of(Samples.DEFAULTS)), "demo-backend");
        var now = deployment(objects(renamed, 0, null), "demo-backend");

        assertThat(now.getSpec().getTemplate()).isEqualTo(before.getSpec().getTemplate());
    }

    @Test
    void thePreviewFindsThePodsOfItsSlot() {
        var objects = objects(NEW, 0, Slot.GREEN);

        var preview = objects.stream()
                .filter(object -> object.getMetadata().getName().equals("demo-preview"))
                .map(Service.class::cast)
                .findFirst()
                .orElseThrow();
        assertThat(preview.getSpec().getSelector())
                .isEqualTo(deployment(objects, "demo-backend-green")
                        .getSpec()
                        .getSelector()
                        .getMatchLabels());
        assertThat(preview.getSpec().getPorts())
                .singleElement()
                .satisfies(port -> assertThat(port.getTargetPort().getStrVal()).isEqualTo("http"));
    }

    @Test
    void theAutoscalerFollowsTheActiveVersionAndGoesNotBelowTheFloor() {
        var scaled = cluster("{backend: {image: 'shop:2', ports: {http: 80}, resources: {requests: {cpu: 1}}},"
                + " autoscaling: {backend: {minReplicas: 2, maxReplicas: 9}}}");
        var tracks = new Tracks(
                Slot.GREEN,
                List.of(new Track(Slot.GREEN, version(OLD), 6, 90), new Track(Slot.BLUE, version(scaled), 1, 10)),
                6,
                null);

        var objects = Desired.of(scaled, new Situation(Samples.DEFAULTS, Surroundings.NONE, tracks));

        assertThat(objects)
                .filteredOn(HorizontalPodAutoscaler.class::isInstance)
                .singleElement()
                .satisfies(object -> {
                    var autoscaler = (HorizontalPodAutoscaler) object;
                    assertThat(autoscaler.getSpec().getScaleTargetRef().getName())
                            .isEqualTo("demo-backend-green");
                    assertThat(autoscaler.getSpec().getMinReplicas()).isEqualTo(6);
                });
    }

    @Test
    void aReleaseBringsAnotherVersionOfTheReferenceBackendAndTheOldOneKeepsItsImage() {
        var cluster = cluster("{}");
        var before = Version.of(cluster, Samples.DEFAULTS);
        var newer = new Defaults("proxy:2", "backend:2", null);

        assertThat(Version.of(cluster, newer).is(before)).isFalse();
        var tracks = new Tracks(Slot.BLUE, List.of(new Track(Slot.BLUE, before, 3, 100)), 0, null);
        assertThat(image(deployment(
                        Desired.of(cluster, new Situation(newer, Surroundings.NONE, tracks)), "demo-backend")))
                .isEqualTo("tickstorm/backend:test");
    }

    @Test
    void whatIsWrittenOutAndWhatIsLeftOutIsTheSameVersion() {
        var little = cluster("{backend: {image: 'shop:1', ports: {http: 80}}}");
        var much = cluster("{backend: {image: 'shop:1', ports: {http: 80}, args: [], env: [], replicas: 9,"
                + " drain: {delay: 5s, timeout: 25s}, rollout: {strategy: Canary}}}");

        assertThat(Version.of(much, Samples.DEFAULTS).revision())
                .isEqualTo(Version.of(little, Samples.DEFAULTS).revision())
                .matches("r[0-9a-f]{8}");
    }

    @Test
    void aVersionIsReadAsItWasWritten() {
        var cluster = cluster("{backend: {image: 'shop:1', ports: {http: 80}, env: [{name: A, value: b}],"
                + " resources: {requests: {cpu: 100m}}, probes: {readiness: {type: HTTP, path: /ready, port: http}}}}");
        var version = Version.of(cluster, Samples.DEFAULTS);

        assertThat(Version.read(version.words()).words()).isEqualTo(version.words());
    }

    private static List<HasMetadata> objects(TickStormCluster wanted, int weight, @Nullable Slot preview) {
        return Desired.of(
                wanted, new Situation(Samples.DEFAULTS, Surroundings.NONE, tracks(OLD, wanted, weight, preview)));
    }

    private static Tracks tracks(TickStormCluster old, TickStormCluster wanted, int weight, @Nullable Slot preview) {
        return new Tracks(
                Slot.BLUE,
                List.of(
                        new Track(Slot.BLUE, version(old), 4, 100 - weight),
                        new Track(Slot.GREEN, version(wanted), 2, weight)),
                0,
                preview);
    }

    private static Version version(TickStormCluster cluster) {
        return Version.of(cluster, Samples.DEFAULTS);
    }

    private static Deployment deployment(List<HasMetadata> objects, String name) {
        return objects.stream()
                .filter(object -> object instanceof Deployment
                        && object.getMetadata().getName().equals(name))
                .map(Deployment.class::cast)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no Deployment " + name));
    }

    private static String image(Deployment deployment) {
        return deployment
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst()
                .getImage();
    }

    private static List<BackendShare> shares(List<HasMetadata> objects) {
        return config(objects).listeners().getFirst().backends();
    }

    private static ProxyConfig config(List<HasMetadata> objects) {
        return ((ConfigResult.Valid) ProxyConfig.read(configuration(objects), "")).config();
    }

    private static String configuration(List<HasMetadata> objects) {
        return objects.stream()
                .filter(object -> object instanceof ConfigMap
                        && object.getMetadata().getName().equals("demo-proxy"))
                .map(object -> ((ConfigMap) object).getData().get(Proxies.CONFIGURATION_KEY))
                .findFirst()
                .orElseThrow();
    }
}
