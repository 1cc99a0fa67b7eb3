package io.tickstorm.operator.desired;

import static java.util.Objects.requireNonNullElse;
import static java.util.Objects.requireNonNullElseGet;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.tickstorm.operator.crd.BackendSpec;
import io.tickstorm.operator.crd.BackendSpec.PodSecurity;
import io.tickstorm.operator.crd.ImagePullPolicy;
import io.tickstorm.operator.crd.Resources;
import io.tickstorm.operator.crd.TickStormCluster;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The servers: their Deployment, and the headless Service whose slices tell the proxies where they are. */
public final class Backends {
    private static final Quantity REFERENCE_MEMORY = new Quantity("384Mi");
    private static final Resources REFERENCE_RESOURCES = new Resources(
            Map.of("cpu", new Quantity("100m"), "memory", new Quantity("192Mi")), Map.of("memory", REFERENCE_MEMORY));

    /** Of a Deployment: which version its pods are, or are about to be. */
    public static final String REVISION = "tickstorm.io/revision";

    private Backends() {}

    /** The pods of a version that runs; its revision is an annotation of the Deployment, not of the pods. */
    static Deployment deployment(TickStormCluster wanted, Track track, Defaults release) {
        var cluster = track.in(wanted);
        var defaults = track.in(release);
        var component = track.slot().component();
        var backend = cluster.getSpec().backend();
        var restricted = podSecurity(backend) == PodSecurity.RESTRICTED;
        var pod = new PodSpecBuilder()
                .withTerminationGracePeriodSeconds(Rollout.gracePeriod(backend.drain()))
                .withSecurityContext(restricted ? PodRights.restrictedPod() : PodRights.baselinePod())
                .withTopologySpreadConstraints(Rollout.spread(cluster, component))
                .withContainers(container(cluster, defaults));
        PodTemplates.addTo(pod, backend.pod());
        pod.withServiceAccountName(backend.serviceAccountName());
        if (backend.reference()) {
            pod.withAutomountServiceAccountToken(false).withEnableServiceLinks(false);
            Scratch.addTo(pod);
        }
        var deployment = Rollout.deployment(cluster, component, track.replicas(), Map.of(), pod.build());
        return new DeploymentBuilder(deployment)
                .editMetadata()
                .addToAnnotations(REVISION, track.version().revision())
                .endMetadata()
                .build();
    }

    /** @param cluster as the version of the slot says it */
    static Service service(TickStormCluster cluster, Component component) {
        var metadata = component.metadata(cluster);
        if (cluster.getSpec().backend().ports().containsKey(SideServices.METRICS_PORT_NAME)) {
            metadata.getLabels().put(SideServices.SCRAPED_LABEL, "true");
        }
        return new ServiceBuilder()
                .withMetadata(metadata)
                .withNewSpec()
                .withClusterIP("None")
                .withSelector(component.selector(cluster))
                .withPorts(cluster.getSpec().backend().ports().entrySet().stream()
                        .map(Backends::servicePort)
                        .toList())
                .endSpec()
                .build();
    }

    /** Where a new version can be looked at before it has traffic. */
    static Service preview(TickStormCluster cluster, Slot slot) {
        return new ServiceBuilder()
                .withMetadata(new ObjectMetaBuilder(slot.component().metadata(cluster))
                        .withName(cluster.getMetadata().getName() + "-preview")
                        .withLabels(Component.BACKEND.labels(cluster))
                        .build())
                .withNewSpec()
                .withSelector(slot.component().selector(cluster))
                .withPorts(cluster.getSpec().backend().ports().entrySet().stream()
                        .map(Backends::servicePort)
                        .toList())
                .endSpec()
                .build();
    }

    /** What a pod asks for and may use. */
    static @Nullable Resources resources(BackendSpec backend) {
        return backend.resources() == null && backend.reference() ? REFERENCE_RESOURCES : backend.resources();
    }

    private static Container container(TickStormCluster cluster, Defaults defaults) {
        var backend = cluster.getSpec().backend();
        var container = new ContainerBuilder()
                .withName(Component.BACKEND.kind())
                .withImage(requireNonNullElse(backend.image(), defaults.backendImage()))
                .withImagePullPolicy(pullPolicy(backend, defaults))
                .withArgs(backend.args())
                .withEnv(Environment.of(backend))
                .withPorts(backend.ports().entrySet().stream()
                        .map(Backends::containerPort)
                        .toList())
                .withSecurityContext(rights(backend))
                .withResources(ResourceLists.of(resources(backend)));
        var delay = Rollout.seconds(backend.drain().delay());
        if (delay > 0) {
            container
                    .withNewLifecycle()
                    .withNewPreStop()
                    .withNewSleep(delay)
                    .endPreStop()
                    .endLifecycle();
        }
        ContainerProbes.addTo(container, cluster.getSpec());
        if (backend.reference()) {
            Scratch.mountIn(container);
            var given =
                    backend.env().stream().anyMatch(variable -> variable.name().equals(Memory.JVM_OPTIONS));
            if (!given) {
                container.addAllToEnv(Memory.environment(resources(backend), REFERENCE_MEMORY));
            }
        }
        return container.build();
    }

    private static PodSecurity podSecurity(BackendSpec backend) {
        return requireNonNullElseGet(
                backend.podSecurity(), () -> backend.reference() ? PodSecurity.RESTRICTED : PodSecurity.BASELINE);
    }

    private static io.fabric8.kubernetes.api.model.SecurityContext rights(BackendSpec backend) {
        if (podSecurity(backend) == PodSecurity.BASELINE) {
            return PodRights.baseline();
        }
        return backend.reference() ? PodRights.readOnly() : PodRights.restricted();
    }

    private static @Nullable String pullPolicy(BackendSpec backend, Defaults defaults) {
        return word(
                backend.imagePullPolicy() == null && backend.reference()
                        ? defaults.imagePullPolicy()
                        : backend.imagePullPolicy());
    }

    private static @Nullable String word(@Nullable ImagePullPolicy policy) {
        return policy == null ? null : policy.word();
    }

    private static ContainerPort containerPort(Map.Entry<String, Integer> port) {
        return new ContainerPortBuilder()
                .withName(port.getKey())
                .withContainerPort(port.getValue())
                .withProtocol("TCP")
                .build();
    }

    private static ServicePort servicePort(Map.Entry<String, Integer> port) {
        return new ServicePortBuilder()
                .withName(port.getKey())
                .withPort(port.getValue())
                .withNewTargetPort(port.getKey())
                .withProtocol("TCP")
                .build();
    }
}
