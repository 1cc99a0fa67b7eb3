package io.tickstorm.operator.desired;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.tickstorm.operator.crd.ListenerSpec;
import io.tickstorm.operator.crd.ServiceSpec;
import io.tickstorm.operator.crd.TickStormCluster;

/** The Service that clients reach the proxies by: a port for each listener, and a node port unless it is of type ClusterIP. */
final class FrontService {
    private FrontService() {}

    static Service of(TickStormCluster cluster) {
        var balancer = cluster.getSpec().loadBalancer();
        var wanted = balancer.service();
        var inside = wanted.type() == ServiceSpec.Type.CLUSTER_IP;
        var service = new ServiceBuilder()
                .withMetadata(Component.PROXY.metadata(cluster))
                .withNewSpec()
                .withType(wanted.type().word())
                .withSelector(Component.PROXY.selector(cluster))
                .withLoadBalancerClass(wanted.loadBalancerClass())
                .withLoadBalancerSourceRanges(wanted.sourceRanges())
                .withIpFamilyPolicy(
                        wanted.ipFamilyPolicy() == null
                                ? null
                                : wanted.ipFamilyPolicy().word())
                .withPorts(Listeners.of(cluster.getSpec()).stream()
                        .map(listener -> port(listener, inside))
                        .toList())
                .endSpec();
        if (!inside) {
            service.editSpec()
                    .withExternalTrafficPolicy(wanted.externalTrafficPolicy().word())
                    .endSpec();
        }
        var annotations = CloudBalancer.annotations(wanted, Rollout.gracePeriod(balancer.drain()));
        if (!annotations.isEmpty()) {
            service.editMetadata().withAnnotations(annotations).endMetadata();
        }
        return service.build();
    }

    private static ServicePort port(ListenerSpec listener, boolean inside) {
        return new ServicePortBuilder()
                .withName(listener.name())
                .withPort(listener.port())
                .withNewTargetPort(listener.port())
                .withProtocol("TCP")
                .withNodePort(inside ? null : listener.nodePort())
                .build();
    }
}
