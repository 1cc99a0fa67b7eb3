package io.tickstorm.operator.desired;

import static io.tickstorm.operator.desired.Samples.cluster;
import static io.tickstorm.operator.desired.Samples.object;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What makes a rolling update lose nothing. */
class ZeroLossTest {

    @ParameterizedTest
    @ValueSource(strings = {"demo-backend", "demo-proxy"})
    void aRolloutIsNeverShortOfAReadyPod(String name) {
        var deployment = object(cluster("{}"), Deployment.class, name);

        var rolling = deployment.getSpec().getStrategy().getRollingUpdate();
        assertThat(rolling.getMaxUnavailable().getIntVal()).isZero();
        assertThat(rolling.getMaxSurge().getIntVal()).isEqualTo(1);
        assertThat(deployment.getSpec().getMinReadySeconds()).isPositive();
        assertThat(container(deployment).getReadinessProbe().getPeriodSeconds()).isEqualTo(2);
    }

    @Test
    void aBackendServesOnForTheDrainDelayBeforeItIsToldToEnd() {
        var deployment = object(
                cluster("{backend: {image: 'rude:1', ports: {http: 80}, drain: {delay: 1500ms, timeout: 10s}}}"),
                Deployment.class,
                "demo-backend");

        assertThat(container(deployment).getLifecycle().getPreStop().getSleep().getSeconds())
                .isEqualTo(2);
        assertThat(deployment.getSpec().getTemplate().getSpec().getTerminationGracePeriodSeconds())
                .isEqualTo(17);
    }

    @Test
    void withoutADrainDelayThereIsNoSleepBecauseKubernetesRefusesOneOfZero() {
        var deployment = object(cluster("{backend: {drain: {delay: 0s}}}"), Deployment.class, "demo-backend");

        assertThat(container(deployment).getLifecycle()).isNull();
    }

    @Test
    void aProxyDrainsByItselfWithinItsGracePeriod() {
        var deployment =
                object(cluster("{loadBalancer: {drain: {delay: 7s, timeout: 1m}}}"), Deployment.class, "demo-proxy");

        assertThat(container(deployment).getLifecycle()).isNull();
        assertThat(deployment.getSpec().getTemplate().getSpec().getTerminationGracePeriodSeconds())
                .isEqualTo(7 + 60 + 5);
    }

    @Test
    void aChangedConfigurationRollsNobody() {
        var before = cluster("{}");
        var after = cluster("{loadBalancer: {retries: {attempts: 1}}}");

        assertThat(object(after, Deployment.class, "demo-proxy"))
                .isEqualTo(object(before, Deployment.class, "demo-proxy"));
        assertThat(object(after, Deployment.class, "demo-backend"))
                .isEqualTo(object(before, Deployment.class, "demo-backend"));
    }

    @Test
    void moreProxiesDoNotRollThoseThereAre() {
        var before = cluster("{}");
        var after = cluster("{loadBalancer: {replicas: 5}}");

        assertThat(object(after, Deployment.class, "demo-proxy").getSpec().getTemplate())
                .isEqualTo(
                        object(before, Deployment.class, "demo-proxy").getSpec().getTemplate());
    }

    private static Container container(Deployment deployment) {
        return deployment.getSpec().getTemplate().getSpec().getContainers().getFirst();
    }
}
