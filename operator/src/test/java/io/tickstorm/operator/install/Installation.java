package io.tickstorm.operator.install;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.InstallCommand;
import com.marcnuri.helm.Release;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.tickstorm.operator.ApiServer;
import io.tickstorm.operator.Shared;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The chart on a real API server that has not heard of the product, one for all tests of a JVM: each leaves it as it was. */
final class Installation implements AutoCloseable {
    private static final String DEFINITION = "tickstormclusters.tickstorm.io";
    private static final String OWN = "app.kubernetes.io/part-of=tickstorm";
    private static final List<String> KINDS = List.of(
            "apps/v1 Deployment",
            "policy/v1 PodDisruptionBudget",
            "networking.k8s.io/v1 NetworkPolicy",
            "rbac.authorization.k8s.io/v1 ClusterRole",
            "rbac.authorization.k8s.io/v1 ClusterRoleBinding",
            "rbac.authorization.k8s.io/v1 Role",
            "rbac.authorization.k8s.io/v1 RoleBinding",
            "batch/v1 Job",
            "v1 ConfigMap",
            "v1 Service",
            "v1 ServiceAccount");

    private final ApiServer server = ApiServer.bare();
    private final KubernetesClient client = server.client();

    ApiServer server() {
        return server;
    }

    KubernetesClient client() {
        return client;
    }

    /** Takes away what tests have installed in these namespaces, and the definition. */
    void forget(String... namespaces) {
        for (var namespace : namespaces) {
            Helm.uninstall("tickstorm")
                    .withNamespace(namespace)
                    .withKubeConfigContents(server.kubeConfig())
                    .ignoreNotFound()
                    .call();
        }
        client.apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName(DEFINITION)
                .withTimeoutInMillis(30_000)
                .delete();
    }

    /** Until the API server knows the kind. */
    void awaitDefinition() {
        server.awaitEstablished(DEFINITION);
    }

    /** The API server takes the clusters before the definition. */
    void awaitNoDefinition() {
        client.apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName(DEFINITION)
                .waitUntilCondition(Objects::isNull, 60, TimeUnit.SECONDS);
    }

    /** In a namespace that is made if it is not there. */
    Release install(String namespace, String values) {
        return Chart.withValues(
                values,
                file -> installation(namespace, file, server.kubeConfig())
                        .createNamespace()
                        .call());
    }

    /** By somebody who may not make a namespace. */
    Release install(String namespace, String values, String kubeConfig) {
        return Chart.withValues(
                values, file -> installation(namespace, file, kubeConfig).call());
    }

    private static InstallCommand installation(String namespace, Path values, String kubeConfig) {
        return Chart.helm()
                .install()
                .withName("tickstorm")
                .withNamespace(namespace)
                .withValuesFile(values)
                .withKubeConfigContents(kubeConfig);
    }

    Release upgrade(String namespace, String values) {
        return Chart.withValues(
                values,
                file -> Chart.helm()
                        .upgrade()
                        .withName("tickstorm")
                        .withNamespace(namespace)
                        .withValuesFile(file)
                        .withKubeConfigContents(server.kubeConfig())
                        .call());
    }

    void uninstall(String namespace) {
        Helm.uninstall("tickstorm")
                .withNamespace(namespace)
                .withKubeConfigContents(server.kubeConfig())
                .call();
    }

    GenericKubernetesResource cluster(String namespace, String name) {
        return client.genericKubernetesResources("tickstorm.io/v1alpha1", "TickStormCluster")
                .inNamespace(namespace)
                .withName(name)
                .require();
    }

    @Nullable
    Object definition() {
        return client.apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName(DEFINITION)
                .get();
    }

    /** What carries our label, in the namespace or in none. */
    List<String> own(String namespace) {
        return KINDS.stream()
                .flatMap(kind -> client
                        .genericKubernetesResources(kind.split(" ")[0], kind.split(" ")[1])
                        .inAnyNamespace()
                        .withLabelSelector(OWN)
                        .list()
                        .getItems()
                        .stream())
                .filter(object -> object.getMetadata().getNamespace() == null
                        || object.getMetadata().getNamespace().equals(namespace))
                .map(object -> object.getKind() + '/' + object.getMetadata().getName())
                .toList();
    }

    @Override
    public void close() {
        server.close();
    }

    /** Starts the server with the first test that asks for it, and stops it with the last one. */
    static final class Extension extends Shared<Installation> {
        Extension() {
            super(Installation.class, Installation::new);
        }
    }
}
