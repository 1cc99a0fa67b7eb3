package io.tickstorm.operator.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An installation by somebody who may do everything in one namespace except give rights. */
@ExtendWith(Installation.Extension.class)
class GivenRightsIT {
    /** Runs of a check, each of a second or so. */
    private static final int PATIENCE = 30;

    private final Installation there;

    GivenRightsIT(Installation there) {
        this.there = there;
    }

    @AfterEach
    void forget() {
        there.forget("outlives", "given");
    }

    /** Somebody who may do everything in one namespace except give rights, after an administrator has given those of docs/install.md. */
    @Test
    void withoutTheRightToGiveRightsItIsInstalledAfterAnAdministratorGaveThem() throws Exception {
        there.install("outlives", "");
        there.awaitDefinition();
        there.client()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName("given")
                        .endMetadata()
                        .build())
                .create();
        var values = "{watchNamespaces: [given], crds: {enabled: false}, customMetrics: {enabled: false},"
                + " cluster: {create: true}, rbac: {aggregate: false, create: %s}}";
        var user = mayDoAllButGiveRights("given");

        assertThatThrownBy(() -> there.install("given", values.formatted("true"), user))
                .hasMessageContaining("rbac.authorization.k8s.io")
                .hasMessageContaining("forbidden");
        there.client()
                .resourceList(Chart.roles("given", values.formatted("true")))
                .create();
        try (var kubelet = new HookRunner(there.server(), "given")) {
            there.install("given", values.formatted("false"), user);
            assertThat(kubelet.ended()).hasSize(1);
        }

        assertThat(there.cluster("given", "demo").getMetadata().getUid()).isNotBlank();
        var operator = OperatorProcess.kubeConfig(there.server(), "given", "tickstorm-operator");
        try (var running = OperatorProcess.start(operator, environment("given"))) {
            assertThat(checked(operator, "given")).contains("clusters can be seen, and the operator leads");
            assertThat(running.alive()).isTrue();
        }
        there.uninstall("given");
        assertThat(there.own("given"))
                .as("what the administrator gave is the administrator's")
                .contains("Role/tickstorm-operator", "RoleBinding/tickstorm-operator-cluster")
                .doesNotContain("Deployment/tickstorm-operator", "ServiceAccount/tickstorm-operator-cluster");
        there.client().rbac().roleBindings().inNamespace("given").delete();
        there.client().rbac().roles().inNamespace("given").delete();
    }

    /** A person with the rights that an administrator gives to whoever works in a namespace, without that to give any. */
    private String mayDoAllButGiveRights(String namespace) {
        there.client().resourceList("""
                        apiVersion: v1
                        kind: ServiceAccount
                        metadata: {name: deployer, namespace: %1$s}
                        ---
                        apiVersion: rbac.authorization.k8s.io/v1
                        kind: Role
                        metadata: {name: deployer, namespace: %1$s}
                        rules:
                          - apiGroups: ["", apps, batch, policy, tickstorm.io]
                            resources: ["*"]
                            verbs: ["*"]
                        ---
                        apiVersion: rbac.authorization.k8s.io/v1
                        kind: RoleBinding
                        metadata: {name: deployer, namespace: %1$s}
                        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: deployer}
                        subjects: [{kind: ServiceAccount, name: deployer, namespace: %1$s}]
                        """.formatted(namespace)).create();
        return OperatorProcess.kubeConfig(there.server(), namespace, "deployer");
    }

    /** What helm test says at last, for an operator that has just begun. */
    private static String checked(String operator, String namespace) throws Exception {
        var checked = OperatorProcess.run(operator, environment(namespace), "check");
        for (int attempt = 0; checked.code() != 0 && attempt < PATIENCE; attempt++) {
            checked = OperatorProcess.run(operator, environment(namespace), "check");
        }
        return checked.output();
    }

    private static Map<String, String> environment(String namespace) {
        return Map.of(
                "PROXY_IMAGE", "proxy:test",
                "BACKEND_IMAGE", "backend:test",
                "WATCH_NAMESPACE", namespace,
                "POD_NAMESPACE", namespace,
                "LEASE_OWNER", "tickstorm-operator-leader",
                "PROBES_PORT", "0",
                "METRICS_PORT", "0");
    }
}
