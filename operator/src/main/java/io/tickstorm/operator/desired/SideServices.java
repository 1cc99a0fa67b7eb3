package io.tickstorm.operator.desired;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.tickstorm.operator.crd.TickStormCluster;
import java.util.List;

/** Services that carry no traffic: one to ask any proxy how it is, and one whose addresses are all proxies, for whoever scrapes them. */
final class SideServices {
    /** On every Service whose port {@link #METRICS_PORT_NAME} is to be scraped, at each of its pods. */
    static final String SCRAPED_LABEL = "tickstorm.io/scraped";

    static final String METRICS_PORT_NAME = "metrics";

    private SideServices() {}

    static List<Service> of(TickStormCluster cluster) {
        var name = cluster.getMetadata().getName();
        var metrics = service(cluster, name + "-metrics", METRICS_PORT_NAME, Proxies.METRICS_PORT)
                .editMetadata()
                .addToLabels(SCRAPED_LABEL, "true")
                .endMetadata()
                .editSpec()
                .withClusterIP("None")
                .endSpec()
                .build();
        return List.of(
                service(cluster, name + "-health", "health", Proxies.HEALTH_PORT)
                        .build(),
                metrics);
    }

    private static ServiceBuilder service(TickStormCluster cluster, String name, String portName, int port) {
        return new ServiceBuilder()
                .withMetadata(Component.PROXY.metadata(cluster, name))
                .withNewSpec()
                .withSelector(Component.PROXY.selector(cluster))
                .addNewPort()
                .withName(portName)
                .withPort(port)
                .withNewTargetPort(port)
                .withProtocol("TCP")
                .endPort()
                .endSpec();
    }
}
