package io.tickstorm.operator.telemetry;

import io.fabric8.kubernetes.api.model.Pod;
import io.tickstorm.operator.desired.Component;
import io.tickstorm.operator.desired.Proxies;
import org.jspecify.annotations.Nullable;

/**
 * Where a proxy tells its numbers.
 *
 * @param pod its name, by which it is known in reports
 * @param ip IPv4 or IPv6, without brackets
 * @param port of its metrics
 */
public record ProxyAddress(String pod, String ip, int port) {
    private static final String METRICS = "metrics";

    /** Of a pod of proxies that serves; null of any other pod, and of one that is starting or has been told to end. */
    public static @Nullable ProxyAddress of(Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() == null ? carrying(pod) : null;
    }

    /** Of a pod of proxies that carries traffic, which one does for a while that has been told to end; null of any other pod. */
    public static @Nullable ProxyAddress carrying(Pod pod) {
        var labels = pod.getMetadata().getLabels();
        if (labels == null
                || !Component.PROXY.word().equals(labels.get(Component.COMPONENT_LABEL))
                || pod.getStatus() == null
                || pod.getStatus().getPodIP() == null
                || pod.getStatus().getConditions().stream()
                        .noneMatch(condition ->
                                "Ready".equals(condition.getType()) && "True".equals(condition.getStatus()))) {
            return null;
        }
        return new ProxyAddress(pod.getMetadata().getName(), pod.getStatus().getPodIP(), port(pod));
    }

    private static int port(Pod pod) {
        return pod.getSpec().getContainers().stream()
                .flatMap(container -> container.getPorts().stream())
                .filter(port -> METRICS.equals(port.getName()))
                .map(port -> port.getContainerPort())
                .findFirst()
                .orElse(Proxies.METRICS_PORT);
    }
}
