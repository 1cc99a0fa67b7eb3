package io.tickstorm.operator.desired;

import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.tickstorm.operator.crd.TickStormCluster;

/** What the proxies may do at the API server: see the endpoint slices of their namespace, and nothing else. */
final class Access {
    private Access() {}

    static ServiceAccount account(TickStormCluster cluster) {
        return new ServiceAccountBuilder()
                .withMetadata(Component.PROXY.metadata(cluster))
                .withAutomountServiceAccountToken(false)
                .build();
    }

    static Role role(TickStormCluster cluster) {
        return new RoleBuilder()
                .withMetadata(Component.PROXY.metadata(cluster))
                .addNewRule()
                .withApiGroups("discovery.k8s.io")
                .withResources("endpointslices")
                .withVerbs("list", "watch")
                .endRule()
                .build();
    }

    static RoleBinding binding(TickStormCluster cluster) {
        return new RoleBindingBuilder()
                .withMetadata(Component.PROXY.metadata(cluster))
                .withNewRoleRef()
                .withApiGroup("rbac.authorization.k8s.io")
                .withKind("Role")
                .withName(Component.PROXY.nameIn(cluster))
                .endRoleRef()
                .addNewSubject()
                .withKind("ServiceAccount")
                .withName(Component.PROXY.nameIn(cluster))
                .withNamespace(cluster.getMetadata().getNamespace())
                .endSubject()
                .build();
    }
}
