package io.tickstorm.operator.desired;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.tickstorm.operator.crd.LoadBalancerSpec;
import io.tickstorm.operator.crd.Resources;
import io.tickstorm.operator.crd.TickStormCluster;
import io.tickstorm.proxy.config.ConfigHash;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The proxies: their configuration and their Deployment. */
public final class Proxies {
    /** Where proxies answer probes, where people ask them, and where they are scraped; listeners cannot have these ports. */
    public static final int HEALTH_PORT = 8081;

    /** On loopback: it is reached by port-forward. */
    public static final int ADMIN_PORT = 8404;

    public static final int METRICS_PORT = 9090;

    static final List<Integer> OWN_PORTS = List.of(HEALTH_PORT, ADMIN_PORT, METRICS_PORT);

    /** The key of the configuration in its ConfigMap. */
    public static final String CONFIGURATION_KEY = "proxy.yaml";

    /** Names of the container's own ports; listeners cannot have them. */
    static final List<String> OWN_PORT_NAMES = List.of("health", "admin", "metrics");

    /** Without the listeners' ports, so that a new listener needs no new pods: Services and policies name these by number. */
    private static final List<ContainerPort> OWN_CONTAINER_PORTS =
            List.of(port("health", HEALTH_PORT), port("admin", ADMIN_PORT), port("metrics", METRICS_PORT));

    /** On the pods: of what a process reads only when it starts, so that a change of it rolls them. */
    private static final String FIXED_HASH = "tickstorm.io/fixed-configuration";

    private static final String FOLDER = "/etc/tickstorm";
    private static final String VOLUME = "configuration";

    // The heap takes 35 % and Netty's buffers as much again at most (image/runtime): room for the default of 15000
    // connections.
    private static final Quantity MEMORY = new Quantity("256Mi");

    private static final Resources RESOURCES =
            new Resources(Map.of("cpu", new Quantity("250m"), "memory", MEMORY), Map.of("memory", MEMORY));

    private Proxies() {}

    static ConfigMap configuration(TickStormCluster cluster, Tracks tracks) {
        return new ConfigMapBuilder()
                .withMetadata(Component.PROXY.metadata(cluster))
                .withData(Map.of(CONFIGURATION_KEY, ProxyConfiguration.forKubernetes(cluster, tracks)))
                .build();
    }

    /**
     * The Deployment. A change of the configuration does not change it, for proxies take that over while they serve, but for what they read only when they start.
     */
    static Deployment deployment(TickStormCluster cluster, Tracks tracks, Defaults defaults) {
        var balancer = cluster.getSpec().loadBalancer();
        // Not root, and yet on port 80 if a listener wants it, now or later: a sysctl that Kubernetes counts among the
        // safe ones.
        var rights = new PodSecurityContextBuilder(PodRights.restrictedPod())
                .addNewSysctl("net.ipv4.ip_unprivileged_port_start", "0")
                .build();
        var pod = new PodSpecBuilder()
                .withServiceAccountName(Component.PROXY.nameIn(cluster))
                .withAutomountServiceAccountToken(true)
                .withEnableServiceLinks(false)
                .withTerminationGracePeriodSeconds(Rollout.gracePeriod(balancer.drain()))
                .withSecurityContext(rights)
                .withTopologySpreadConstraints(Rollout.spread(cluster, Component.PROXY))
                .withContainers(container(cluster, defaults));
        PodTemplates.addTo(pod, balancer.pod());
        pod.addNewVolume()
                .withName(VOLUME)
                .withNewConfigMap()
                .withName(Component.PROXY.nameIn(cluster))
                .endConfigMap()
                .endVolume();
        Secrets.addTo(pod, ProxyConfiguration.secrets(cluster));
        Scratch.addTo(pod);
        return Rollout.deployment(
                cluster,
                Component.PROXY,
                Autoscalers.initialReplicas(cluster, Component.PROXY),
                Map.of(FIXED_HASH, ConfigHash.of(ProxyConfiguration.fixed(cluster, tracks))),
                pod.build());
    }

    /** The hash by which proxies say that they have taken over the configuration that is among the objects of their cluster; empty if none is. */
    public static Optional<String> configurationHash(List<HasMetadata> objects) {
        return objects.stream()
                .filter(ConfigMap.class::isInstance)
                .map(object -> ((ConfigMap) object).getData())
                .filter(Objects::nonNull)
                .map(data -> data.get(CONFIGURATION_KEY))
                .filter(Objects::nonNull)
                .map(ConfigHash::of)
                .findFirst();
    }

    /** What a pod asks for and may use. */
    static Resources resources(LoadBalancerSpec balancer) {
        return requireNonNullElse(balancer.resources(), RESOURCES);
    }

    private static Container container(TickStormCluster cluster, Defaults defaults) {
        var balancer = cluster.getSpec().loadBalancer();
        var container = new ContainerBuilder()
                .withName(Component.PROXY.word())
                .withImage(requireNonNullElse(balancer.image(), defaults.proxyImage()))
                .withImagePullPolicy(pullPolicy(balancer, defaults))
                .withArgs("--config", FOLDER + "/" + CONFIGURATION_KEY)
                .withEnv(Environment.instanceId(), Environment.zone())
                .addAllToEnv(Memory.environment(resources(balancer), MEMORY))
                .withPorts(OWN_CONTAINER_PORTS)
                .withSecurityContext(PodRights.readOnly())
                .withResources(ResourceLists.of(resources(balancer)));
        ContainerProbes.addOwn(container, new IntOrString("health"));
        container
                .addNewVolumeMount()
                .withName(VOLUME)
                .withMountPath(FOLDER)
                .withReadOnly(true)
                .endVolumeMount();
        if (!ProxyConfiguration.secrets(cluster).isEmpty()) {
            Secrets.mountIn(container);
        }
        Scratch.mountIn(container);
        return container.build();
    }

    private static @Nullable String pullPolicy(LoadBalancerSpec balancer, Defaults defaults) {
        var policy = balancer.imagePullPolicy() == null ? defaults.imagePullPolicy() : balancer.imagePullPolicy();
        return policy == null ? null : policy.word();
    }

    private static ContainerPort port(String name, int number) {
        return new ContainerPortBuilder()
                .withName(name)
                .withContainerPort(number)
                .withProtocol("TCP")
                .build();
    }
}
