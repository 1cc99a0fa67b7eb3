package io.tickstorm.operator.desired;

import static io.tickstorm.operator.desired.Samples.cluster;
import static io.tickstorm.operator.desired.Samples.object;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Service;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Services of the proxies: the one in front, and those beside it. */
class FrontServiceTest {
    private static final String AWS = "service.beta.kubernetes.io/aws-load-balancer-";

    @Test
    void aNetworkLoadBalancerOfAwsSendsToThePodsAndAsksThemForTheirPing() {
        var front = front("{type: LoadBalancer, cloud: AWS}");

        assertThat(front.getMetadata().getAnnotations())
                .containsEntry(AWS + "type", "external")
                .containsEntry(AWS + "nlb-target-type", "ip")
                .containsEntry(AWS + "scheme", "internet-facing")
                .containsEntry(AWS + "healthcheck-protocol", "http")
                .containsEntry(AWS + "healthcheck-port", "8081")
                .containsEntry(AWS + "healthcheck-path", "/ping");
    }

    @Test
    void connectionsOfAPodThatEndsAreLeftToItForAsLongAsItLives() {
        var front = object(
                cluster(
                        "{loadBalancer: {drain: {delay: 30s, timeout: 2m}, service: {type: LoadBalancer, cloud: AWS}}}"),
                Service.class,
                "demo-proxy");

        assertThat(front.getMetadata().getAnnotations())
                .containsEntry(AWS + "target-group-attributes", "deregistration_delay.timeout_seconds=155");
    }

    @Test
    void aClassOfLoadBalancersTakesThePlaceOfTheAnnotationThatChoosesOne() {
        var front = front("{type: LoadBalancer, cloud: AWS, internal: true, loadBalancerClass: service.k8s.aws/nlb}");

        assertThat(front.getSpec().getLoadBalancerClass()).isEqualTo("service.k8s.aws/nlb");
        assertThat(front.getMetadata().getAnnotations())
                .doesNotContainKey(AWS + "type")
                .containsEntry(AWS + "scheme", "internal");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {type: LoadBalancer, cloud: Google}                               | {cloud.google.com/l4-rbs=enabled}
            {type: LoadBalancer, cloud: Google, internal: true}               | {networking.gke.io/load-balancer-type=Internal}
            {type: LoadBalancer, cloud: Google, externalTrafficPolicy: Local} | {cloud.google.com/l4-rbs=enabled, networking.gke.io/weighted-load-balancing=pods-per-node}
            {type: LoadBalancer, cloud: Google, annotations: {cloud.google.com/l4-rbs: 'disabled'}} | {cloud.google.com/l4-rbs=disabled}
            """)
    void aLoadBalancerOfGoogleIsSaidInItsAnnotations(String service, String annotations) {
        assertThat(front(service).getMetadata().getAnnotations()).hasToString(annotations);
    }

    @Test
    void whoMayComeInAndByWhichFamilyGoesToTheServiceAsItIs() {
        var spec = front(
                        "{type: LoadBalancer, sourceRanges: [203.0.113.0/24, '2001:db8::/32'], ipFamilyPolicy: PreferDualStack}")
                .getSpec();

        assertThat(spec.getLoadBalancerSourceRanges()).containsExactly("203.0.113.0/24", "2001:db8::/32");
        assertThat(spec.getIpFamilyPolicy()).isEqualTo("PreferDualStack");
    }

    @Test
    void withoutACloudNothingIsSaidForOne() {
        assertThat(front("{type: LoadBalancer}").getMetadata().getAnnotations()).isNullOrEmpty();
    }

    @Test
    void oneServiceAnswersForAllProxiesAndOneNamesEachOfThem() {
        var health = object(cluster("{}"), Service.class, "demo-health").getSpec();
        var metrics = object(cluster("{}"), Service.class, "demo-metrics").getSpec();

        assertThat(health.getClusterIP()).isNull();
        assertThat(health.getPorts())
                .singleElement()
                .satisfies(port -> assertThat(port.getPort()).isEqualTo(8081));
        assertThat(metrics.getClusterIP()).isEqualTo("None");
        assertThat(metrics.getPorts())
                .singleElement()
                .satisfies(port -> assertThat(port.getPort()).isEqualTo(9090));
        assertThat(metrics.getSelector()).containsEntry("tickstorm.io/component", "proxy");
    }

    private static Service front(String service) {
        return object(cluster("{loadBalancer: {service: " + service + "}}"), Service.class, "demo-proxy");
    }
}
