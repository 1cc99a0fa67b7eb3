package io.tickstorm.operator.desired;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.tickstorm.operator.crd.NetworkPolicySpec.BackendAccess;
import io.tickstorm.operator.crd.NetworkPolicySpec.Peer;
import io.tickstorm.operator.crd.NetworkPolicySpec.Selector;
import io.tickstorm.operator.crd.TickStormCluster;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who may reach the pods. A policy is a list of who may, and shuts out all others, so there is one only where we know all ports: for the proxies, which run nothing of
 * the user's, and for the backends when the resource says that the proxies are their only clients. What pods themselves may reach is nobody's business here.
 */
final class NetworkPolicies {
    private NetworkPolicies() {}

    static List<NetworkPolicy> of(TickStormCluster cluster, Tracks tracks) {
        var wanted = cluster.getSpec().networkPolicy();
        if (!wanted.enabled()) {
            return List.of();
        }
        var policies = new ArrayList<NetworkPolicy>();
        policies.add(policy(cluster, Component.PROXY, proxies(cluster, wanted.clients())));
        if (wanted.backendAccess() == BackendAccess.PROXIES) {
            policies.add(policy(cluster, Component.BACKEND, backends(cluster, ports(tracks), wanted.backendClients())));
        }
        return policies;
    }

    /** Kubelets, the operator, whoever scrapes and a cloud's checks ask the proxies' own ports; their addresses are not to be told from others. */
    private static List<NetworkPolicyIngressRule> proxies(TickStormCluster cluster, @Nullable List<Peer> clients) {
        var listeners = Listeners.of(cluster.getSpec()).stream()
                .map(listener -> listener.port())
                .toList();
        return List.of(
                rule(listeners, clients == null ? List.of() : peers(clients)),
                rule(List.of(Proxies.HEALTH_PORT, Proxies.METRICS_PORT), List.of()));
    }

    private static List<NetworkPolicyIngressRule> backends(
            TickStormCluster cluster, Map<String, Set<Integer>> ports, List<Peer> clients) {
        var all =
                ports.values().stream().flatMap(Set::stream).sorted().distinct().toList();
        var rules = new ArrayList<NetworkPolicyIngressRule>();
        rules.add(rule(all, List.of(pods(cluster, Component.PROXY))));
        // among themselves at any port: servers that share sessions do not name the ports for it
        rules.add(rule(List.of(), List.of(pods(cluster, Component.BACKEND))));
        if (!clients.isEmpty()) {
            rules.add(rule(all, peers(clients)));
        }
        var asked = Stream.of("health", SideServices.METRICS_PORT_NAME)
                .flatMap(name -> ports.getOrDefault(name, Set.of()).stream())
                .toList();
        if (!asked.isEmpty()) {
            rules.add(rule(asked, List.of()));
        }
        return rules;
    }

    /** Ports by name, of all versions that run: a policy is about the pods of both slots. */
    private static Map<String, Set<Integer>> ports(Tracks tracks) {
        var ports = new TreeMap<String, Set<Integer>>();
        for (var track : tracks.running()) {
            track.version()
                    .pods()
                    .ports()
                    .forEach((name, port) -> ports.computeIfAbsent(name, absent -> new TreeSet<>())
                            .add(port));
        }
        return ports;
    }

    private static NetworkPolicy policy(
            TickStormCluster cluster, Component component, List<NetworkPolicyIngressRule> ingress) {
        return new NetworkPolicyBuilder()
                .withMetadata(component.metadata(cluster))
                .withNewSpec()
                .withNewPodSelector()
                .withMatchLabels(component.commonLabels(cluster))
                .endPodSelector()
                .withPolicyTypes("Ingress")
                .withIngress(ingress)
                .endSpec()
                .build();
    }

    /** @param from nobody in particular = anybody */
    private static NetworkPolicyIngressRule rule(Collection<Integer> ports, List<NetworkPolicyPeer> from) {
        return new NetworkPolicyIngressRuleBuilder()
                .withPorts(ports.stream()
                        .map(port -> new NetworkPolicyPort(null, new IntOrString(port), "TCP"))
                        .toList())
                .withFrom(from)
                .build();
    }

    private static NetworkPolicyPeer pods(TickStormCluster cluster, Component component) {
        return new NetworkPolicyPeerBuilder()
                .withPodSelector(selector(component.commonLabels(cluster)))
                .build();
    }

    private static List<NetworkPolicyPeer> peers(List<Peer> peers) {
        return peers.stream().map(NetworkPolicies::peer).toList();
    }

    private static NetworkPolicyPeer peer(Peer peer) {
        var built = new NetworkPolicyPeerBuilder();
        var block = peer.ipBlock();
        if (block != null) {
            built.withNewIpBlock()
                    .withCidr(block.cidr())
                    .withExcept(block.except())
                    .endIpBlock();
        }
        if (peer.namespaceSelector() instanceof Selector namespaces) {
            built.withNamespaceSelector(selector(namespaces.matchLabels()));
        }
        if (peer.podSelector() instanceof Selector pods) {
            built.withPodSelector(selector(pods.matchLabels()));
        }
        return built.build();
    }

    private static LabelSelector selector(Map<String, String> labels) {
        return new LabelSelectorBuilder().withMatchLabels(labels).build();
    }
}
