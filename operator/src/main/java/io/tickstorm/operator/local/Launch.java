package io.tickstorm.operator.local;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.tickstorm.operator.desired.Component;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What a Deployment's pods are on this machine.
 *
 * @param revision changes with whatever makes a rolling update
 * @param ports container ports by name
 * @param command a simple command for the shell; null for our own process
 * @param configuration of a proxy, with the ports of a container; null for a backend
 */
record Launch(
        Component component,
        String deployment,
        String revision,
        int replicas,
        Map<String, Integer> ports,
        List<String> arguments,
        List<EnvVar> environment,
        @Nullable String command,
        Readiness readiness,
        Duration preStop,
        Duration grace,
        @Nullable Map<String, Object> configuration) {

    /** Names the command that stands for an image. */
    static final String COMMAND_ANNOTATION = "tickstorm.io/local-command";

    /**
     * @param listening ports by name that the container has without declaring them
     * @param restarts how often a restart was asked for: another number is another revision
     */
    static Launch of(
            Component component,
            Deployment deployment,
            Map<String, Integer> listening,
            @Nullable String command,
            @Nullable Map<String, Object> configuration,
            int restarts) {
        var pod = deployment.getSpec().getTemplate();
        var container = pod.getSpec().getContainers().getFirst();
        var ports = new LinkedHashMap<>(listening);
        for (ContainerPort port : container.getPorts()) {
            ports.put(port.getName(), port.getContainerPort());
        }
        return new Launch(
                component,
                deployment.getMetadata().getName(),
                revision(Serialization.asJson(pod) + command + configuration + restarts),
                deployment.getSpec().getReplicas(),
                ports,
                container.getArgs(),
                container.getEnv(),
                command,
                Readiness.of(container.getReadinessProbe(), ports),
                preStop(container),
                Duration.ofSeconds(pod.getSpec().getTerminationGracePeriodSeconds()),
                configuration);
    }

    /**
     * The variables of a process: those of the container, and where it shall listen.
     *
     * @param bound the process's own ports, by name
     * @param outside looks up variables of this process: they stand in for what a cluster has in Secrets and ConfigMaps
     */
    Map<String, String> variables(String name, Map<String, Integer> bound, UnaryOperator<@Nullable String> outside) {
        var variables = new LinkedHashMap<String, String>();
        for (var variable : environment) {
            variables.put(variable.getName(), value(variable, name, outside));
        }
        // After the container's own: it may tell its server the ports of a pod, where each has an address to itself.
        variables.put("ADDRESS", NodePort.LOOPBACK);
        variables.put("POD_NAME", name);
        bound.forEach((port, number) -> variables.put(variable(port) + "_PORT", Integer.toString(number)));
        bound.values().stream().findFirst().ifPresent(first -> variables.put("PORT", Integer.toString(first)));
        return variables;
    }

    private static String value(EnvVar variable, String name, UnaryOperator<@Nullable String> outside) {
        var from = variable.getValueFrom();
        if (from == null) {
            return requireNonNullElse(variable.getValue(), "");
        }
        if (from.getFieldRef() != null) {
            return switch (from.getFieldRef().getFieldPath()) {
                case "metadata.name" -> name;
                case "metadata.namespace" -> "default";
                case "spec.nodeName" -> "localhost";
                case "status.podIP", "status.hostIP" -> NodePort.LOOPBACK;
                default -> "";
            };
        }
        return Objects.requireNonNullElse(outside.apply(variable.getName()), "");
    }

    /** Eight digits that differ in all places for texts that differ in one. */
    private static String revision(String template) {
        var checksum = new CRC32C();
        checksum.update(template.getBytes(StandardCharsets.UTF_8));
        return "%08x".formatted(checksum.getValue());
    }

    private static Duration preStop(Container container) {
        var lifecycle = container.getLifecycle();
        var sleep = lifecycle == null || lifecycle.getPreStop() == null
                ? null
                : lifecycle.getPreStop().getSleep();
        return sleep == null ? Duration.ZERO : Duration.ofSeconds(sleep.getSeconds());
    }

    /** {@code HTTP} for {@code http}, {@code MY_PORT} for {@code my-port}. */
    private static String variable(String port) {
        return port.toUpperCase(java.util.Locale.ROOT).replace('-', '_');
    }
}
