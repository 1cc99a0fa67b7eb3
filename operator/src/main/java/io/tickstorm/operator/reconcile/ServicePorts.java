package io.tickstorm.operator.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes back the ports of a Service that somebody has renumbered.
 *
 * <p>To the server a port is who its number says it is. A renumbered one is thus a port of whoever did it, and ours, of the same name, cannot be beside it: an apply would
 * be refused. So the ports are set to ours as a whole, and applied; and since that leaves them with two owners, of which one would keep them when we want them no more, the
 * ownership that came of setting them is given up.
 */
final class ServicePorts {
    private static final Logger log = LoggerFactory.getLogger(ServicePorts.class);
    private static final String SETTER = Children.FIELD_MANAGER + "-ports";

    private final KubernetesClient client;

    ServicePorts(KubernetesClient client) {
        this.client = client;
    }

    /** Whether there are ports that ours cannot be beside: other numbers under the names or node ports of ours. */
    static boolean contested(Service wanted, Service there) {
        return there.getSpec().getPorts().stream()
                .filter(port -> wanted.getSpec().getPorts().stream().noneMatch(ours -> same(ours, port)))
                .anyMatch(port -> wanted.getSpec().getPorts().stream().anyMatch(ours -> excludes(ours, port)));
    }

    private static boolean same(ServicePort one, ServicePort other) {
        return one.getPort().equals(other.getPort()) && Objects.equals(one.getProtocol(), other.getProtocol());
    }

    private static boolean excludes(ServicePort ours, ServicePort other) {
        return Objects.equals(ours.getName(), other.getName())
                || (ours.getNodePort() != null && ours.getNodePort().equals(other.getNodePort()));
    }

    void set(Service service) {
        var ports = Map.of("spec", Map.of("ports", service.getSpec().getPorts()));
        patch(service, PatchType.JSON_MERGE, ports);
    }

    /** @param applied as the server has it after our apply */
    void disown(HasMetadata applied) {
        var owners = applied.getMetadata().getManagedFields().stream()
                .filter(entry -> !SETTER.equals(entry.getManager()))
                .toList();
        var unchanged = Map.of(
                "op",
                "test",
                "path",
                "/metadata/resourceVersion",
                "value",
                applied.getMetadata().getResourceVersion());
        var disowned = Map.of("op", "replace", "path", "/metadata/managedFields", "value", owners);
        try {
            patch(applied, PatchType.JSON, List.of(unchanged, disowned));
        } catch (KubernetesClientException e) {
            // then it stays an owner, and a port that we want no more would stay as well
            log.warn("{}: {} keeps ports: {}", ClusterKey.ofChild(applied), SETTER, e.getMessage());
        }
    }

    private void patch(HasMetadata service, PatchType type, Object change) {
        var context = PatchContext.of(type);
        context.setFieldManager(SETTER);
        client.services()
                .inNamespace(service.getMetadata().getNamespace())
                .withName(service.getMetadata().getName())
                .patch(context, client.getKubernetesSerialization().asJson(change));
    }
}
