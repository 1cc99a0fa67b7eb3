package io.tickstorm.operator.reconcile;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whose lease it is: the Role's of the installation that allows it. Whoever uninstalls the operator takes the Role away, and the lease goes with it; nobody else would
 * delete what no manifest names.
 */
final class LeaseOwner {
    private static final Logger log = LoggerFactory.getLogger(LeaseOwner.class);

    private LeaseOwner() {}

    /** What the lease is to carry. Blocks; without an answer, or without a Role, the lease belongs to nobody. */
    static ObjectMeta lease(KubernetesClient client, OperatorSettings settings) {
        return new ObjectMetaBuilder()
                .withNamespace(settings.leaseNamespace())
                .withName(Operator.LEASE)
                .withOwnerReferences(owners(client, settings))
                .build();
    }

    private static List<OwnerReference> owners(KubernetesClient client, OperatorSettings settings) {
        if (settings.leaseOwner().isEmpty()) {
            return List.of();
        }
        try {
            var role = client.rbac()
                    .roles()
                    .inNamespace(settings.leaseNamespace())
                    .withName(settings.leaseOwner())
                    .get();
            return role == null ? List.of() : List.of(reference(role));
        } catch (KubernetesClientException e) {
            log.warn(
                    "the lease stays when the operator is uninstalled, for its Role cannot be read: {}",
                    e.getMessage());
            return List.of();
        }
    }

    private static OwnerReference reference(Role role) {
        return new OwnerReferenceBuilder()
                .withApiVersion(role.getApiVersion())
                .withKind(role.getKind())
                .withName(role.getMetadata().getName())
                .withUid(role.getMetadata().getUid())
                .build();
    }
}
