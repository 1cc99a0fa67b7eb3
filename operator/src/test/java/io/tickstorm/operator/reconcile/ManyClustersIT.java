package io.tickstorm.operator.reconcile;

import static io.tickstorm.operator.reconcile.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tickstorm.operator.ApiServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Many clusters at once, and clusters of namespaces that are or are not looked after. */
class ManyClustersIT {
    private static final Logger log = LoggerFactory.getLogger(ManyClustersIT.class);
    private static final int MANY = 200;
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private ApiServer server;
    private KubernetesClient client;

    @BeforeEach
    void begin() {
        server = ApiServer.begin();
        // more addresses of Services than the 254 that the test's server has by itself
        server.client().resource("""
                        apiVersion: networking.k8s.io/v1
                        kind: ServiceCIDR
                        metadata: {name: more}
                        spec: {cidrs: [10.96.0.0/16]}
                        """).create();
        client = server.newClient();
    }

    @AfterEach
    void end() {
        client.close();
        server.close();
    }

    @Test
    void twoHundredAtOnceBecomeTheirObjects() {
        var namespace = server.newNamespace();
        try (var operator = operator(namespace)) {
            operator.start();
            var start = System.nanoTime();
            // not the common pool, which the client's own answers come by
            try (var users = Executors.newVirtualThreadPerTaskExecutor()) {
                IntStream.range(0, MANY).forEach(number -> users.execute(() -> user(namespace, "many-" + number)));
            }
            var written = System.nanoTime();

            eventually(
                    MANY + " clusters reported on",
                    PATIENCE,
                    () -> clusters(namespace).stream()
                            .filter(ManyClustersIT::reported)
                            .count(),
                    reported -> reported == MANY);

            log.info(
                    "{} clusters: written within {} s, all of their objects there and reported on {} s after the first",
                    MANY,
                    seconds(start, written),
                    seconds(start, System.nanoTime()));
            assertThat(server.client()
                            .apps()
                            .deployments()
                            .inNamespace(namespace)
                            .list()
                            .getItems())
                    .hasSize(2 * MANY);
            assertThat(clusters(namespace))
                    .allSatisfy(cluster ->
                            assertThat(condition(cluster, "Degraded")).isEqualTo("False"));
        }
    }

    @Test
    void onlyTheNamespacesThatAreNamedAreLookedAfter() {
        var one = server.newNamespace();
        var two = server.newNamespace();
        var other = server.newNamespace();
        try (var operator = operator(one, two)) {
            operator.start();
            user(other, "unseen");

            user(one, "seen");
            user(two, "seen");

            reported(one);
            reported(two);
            assertThat(reported(clusters(other).getFirst())).isFalse();
        }

        try (var operator = operator()) {
            operator.start();

            reported(other);
            // and one of a namespace that was not there yet
            var later = server.newNamespace();
            user(later, "seen");
            reported(later);
        }
    }

    private Operator operator(String... namespaces) {
        var settings = new OperatorSettings(Stage.DEFAULTS, List.of(namespaces), false, "default", "", "test", 0, 0);
        return new Operator(client, settings, new SimpleMeterRegistry());
    }

    private void user(String namespace, String name) {
        server.client().resource("""
                        apiVersion: tickstorm.io/v1alpha1
                        kind: TickStormCluster
                        metadata: {name: %s}
                        spec: {loadBalancer: {service: {type: ClusterIP}}}
                        """.formatted(name)).inNamespace(namespace).create();
    }

    private void reported(String namespace) {
        eventually(
                "a report in " + namespace, () -> reported(clusters(namespace).getFirst()), reported -> reported);
    }

    private List<GenericKubernetesResource> clusters(String namespace) {
        return server.client()
                .genericKubernetesResources(Sight.CLUSTERS)
                .inNamespace(namespace)
                .list()
                .getItems();
    }

    private static boolean reported(GenericKubernetesResource cluster) {
        return "True".equals(condition(cluster, "Progressing"));
    }

    private static String condition(GenericKubernetesResource cluster, String type) {
        List<Map<String, Object>> conditions = cluster.get("status", "conditions");
        return conditions == null
                ? ""
                : conditions.stream()
                        .filter(condition -> type.equals(condition.get("type")))
                        .map(condition -> String.valueOf(condition.get("status")))
                        .findFirst()
                        .orElse("");
    }

    private static long seconds(long start, long end) {
        return Duration.ofNanos(end - start).toSeconds();
    }
}
