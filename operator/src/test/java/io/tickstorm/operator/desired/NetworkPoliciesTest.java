package io.tickstorm.operator.desired;

import static io.tickstorm.operator.desired.Samples.cluster;
import static io.tickstorm.operator.desired.Samples.object;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.tickstorm.operator.crd.TickStormCluster;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetworkPoliciesTest {

    @Test
    void byItselfAPolicyOpensEveryPortOfTheProxiesToAnybodyAndLeavesBackendsAlone() {
        var cluster = cluster("{}");

        var policy = object(cluster, NetworkPolicy.class, "demo-proxy").getSpec();

        assertThat(policy.getPolicyTypes()).containsExactly("Ingress");
        assertThat(policy.getIngress())
                .allSatisfy(rule -> assertThat(rule.getFrom()).isEmpty());
        assertThat(policy.getIngress().stream().flatMap(rule -> ports(rule).stream()))
                .containsExactlyInAnyOrder(8080, 8090, 8081, 9090);
        assertThat(policies(cluster)).hasSize(1);
    }

    @Test
    void clientsThatAreNamedReachTheListenersAndTheProxiesOwnPortsStayOpen() {
        var policy = object(
                        cluster(
                                "{networkPolicy: {clients: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}, {namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}]}}"),
                        NetworkPolicy.class,
                        "demo-proxy")
                .getSpec();

        var listeners = policy.getIngress().getFirst();
        assertThat(ports(listeners)).containsExactly(8080, 8090);
        assertThat(listeners.getFrom().getFirst().getIpBlock().getExcept()).containsExactly("10.1.0.0/16");
        var pods = listeners.getFrom().get(1);
        assertThat(pods.getNamespaceSelector().getMatchLabels()).isEmpty();
        assertThat(pods.getPodSelector().getMatchLabels()).containsEntry("app", "web");
        assertThat(ports(policy.getIngress().get(1))).containsExactly(8081, 9090);
        assertThat(policy.getIngress().get(1).getFrom()).isEmpty();
    }

    @Test
    void backendsOfTheProxiesAloneAreReachedByThemByEachOtherAndByWhoeverScrapes() {
        var policy = object(
                        cluster(
                                "{networkPolicy: {backendAccess: Proxies, backendClients: [{podSelector: {matchLabels: {app: job}}}]}}"),
                        NetworkPolicy.class,
                        "demo-backend")
                .getSpec();

        assertThat(policy.getPodSelector().getMatchLabels())
                .as("of both slots")
                .containsOnlyKeys("tickstorm.io/cluster", "app.kubernetes.io/component");
        var rules = policy.getIngress();
        assertThat(rules).hasSize(4);
        assertThat(ports(rules.get(0))).containsExactly(8000, 8080, 8081, 9090);
        assertThat(from(rules.get(0))).containsExactly("proxy");
        assertThat(rules.get(1).getPorts()).isEmpty();
        assertThat(from(rules.get(1))).containsExactly("backend");
        assertThat(rules.get(2).getFrom().getFirst().getPodSelector().getMatchLabels())
                .containsEntry("app", "job");
        assertThat(ports(rules.get(3))).containsExactly(8081, 9090);
        assertThat(rules.get(3).getFrom()).isEmpty();
    }

    @Test
    void switchedOffThereIsNone() {
        assertThat(policies(cluster("{networkPolicy: {enabled: false, backendAccess: Proxies}}")))
                .isEmpty();
    }

    private static List<NetworkPolicy> policies(TickStormCluster cluster) {
        return Desired.of(cluster, Situation.of(Samples.DEFAULTS)).stream()
                .filter(NetworkPolicy.class::isInstance)
                .map(NetworkPolicy.class::cast)
                .toList();
    }

    private static List<Integer> ports(NetworkPolicyIngressRule rule) {
        return rule.getPorts().stream().map(port -> port.getPort().getIntVal()).toList();
    }

    private static List<String> from(NetworkPolicyIngressRule rule) {
        return rule.getFrom().stream()
                .map(peer -> peer.getPodSelector().getMatchLabels().get("app.kubernetes.io/component"))
                .toList();
    }
}
