package io.tickstorm.operator.reconcile;

import static io.tickstorm.operator.reconcile.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.tickstorm.operator.ApiServer;
import io.tickstorm.operator.desired.Component;
import io.tickstorm.operator.desired.Proxies;
import io.tickstorm.proxy.config.ConfigHash;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A changed configuration on its way to a proxy, on a real API server; the test plays the kubelet, and what a proxy says on its port of metrics. */
@ExtendWith(ApiServer.Extension.class)
class ReloadIT {
    private final Stage stage;
    private final HttpServer metrics;
    private volatile String says = "";

    ReloadIT(ApiServer server) throws IOException {
        stage = new Stage(server);
        metrics = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        metrics.createContext("/metrics", exchange -> {
            var bytes = says.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        metrics.start();
    }

    @AfterEach
    void end() {
        metrics.stop(0);
        stage.close();
    }

    @Test
    void aPodIsTouchedUntilItsProxySaysThatItHasTheConfigurationAndNoPodIsReplaced() {
        stage.user("demo", stage.spec(""));
        stage.controllerRollsOut("demo-backend");
        stage.controllerRollsOut("demo-proxy");
        stage.proxyServes("demo", metrics.getAddress().getPort());
        runsBy(hash());
        stage.seesCondition("demo", "Ready", "True", "Ready");
        var before = stage.sees(Deployment.class, "demo-proxy").getMetadata().getGeneration();
        var old = hash();

        stage.user(
                "demo",
                "{loadBalancer: {listeners: [{name: http, port: 8080, nodePort: %d}], retries: {attempts: 1}}}"
                        .formatted(stage.nodePort(0)));

        stage.sees(ConfigMap.class, "demo-proxy", map -> !hash(map).equals(old));
        var told = stage.sees(
                Pod.class,
                "demo-proxy-1",
                pod -> hash().equals(pod.getMetadata().getAnnotations().get(Propagation.ANNOTATION)));
        assertThat(told.getMetadata().getLabels()).containsEntry(Component.CLUSTER_LABEL, "demo");
        assertThat(stage.seesCondition("demo", "Progressing", "True", "Reloading")
                        .get("message"))
                .isEqualTo("0 of 1 proxies have the configuration");
        runsBy(hash());
        stage.seesCondition("demo", "Ready", "True", "Ready");
        assertThat(stage.cluster("demo").<Object>get("status", "loadBalancer", "configured"))
                .isEqualTo("1/1");
        assertThat(stage.sees(Deployment.class, "demo-proxy").getMetadata().getGeneration())
                .isEqualTo(before);
    }

    @Test
    void aRefusalIsToldInTheWordsOfTheProxy() {
        stage.user("demo", stage.spec(""));
        stage.controllerRollsOut("demo-backend");
        stage.controllerRollsOut("demo-proxy");
        stage.proxyServes("demo", metrics.getAddress().getPort());

        says = """
                tick_storm_active_connections 0.0
                tick_storm_configuration_info{hash="0123456789abcdef"} 1
                tick_storm_configuration_refused 1.0
                tick_storm_configuration_problem{problem="proxy.yaml:3: listeners[0].shiny: unknown key"} 1.0
                """;

        assertThat(stage.seesCondition("demo", "Degraded", "True", "ConfigurationRefused")
                        .get("message"))
                .asString()
                .contains("proxy pod demo-proxy-1", "listeners[0].shiny: unknown key", "spec.loadBalancer.image");
    }

    @Test
    void whatProxiesOfAPausedClusterRunByIsMeasuredAndTheyAreToldNothing() {
        stage.user("demo", stage.spec(""));
        stage.sees(ConfigMap.class, "demo-proxy");
        stage.pause("demo", "true");
        stage.seesCondition("demo", "Paused", "True", "Asked");
        runsBy("0123456789abcdef");

        stage.proxyServes("demo", metrics.getAddress().getPort());

        configured("0/1");
        runsBy(hash());
        configured("1/1");
        assertThat(stage.sees(Pod.class, "demo-proxy-1").getMetadata().getAnnotations())
                .doesNotContainKey(Propagation.ANNOTATION);
    }

    @Test
    void whereThereIsNoConfigurationNothingIsSaidOfIt() {
        stage.client
                .resource("""
                        apiVersion: tickstorm.io/v1alpha1
                        kind: TickStormCluster
                        metadata: {name: still, annotations: {tickstorm.io/pause-reconciliation: "true"}}
                        spec: %s
                        """.formatted(stage.spec("")))
                .inNamespace(stage.namespace)
                .create();

        eventually(
                "status",
                () -> stage.cluster("still").<Object>get("status", "loadBalancer", "ready"),
                ready -> ready.equals("0/0"));
        assertThat(stage.cluster("still").<Object>get("status", "loadBalancer", "configured"))
                .isNull();
    }

    private void configured(String count) {
        eventually(
                "configured " + count,
                () -> stage.cluster("demo").<Object>get("status", "loadBalancer", "configured"),
                count::equals);
    }

    private void runsBy(String hash) {
        says = "tick_storm_active_connections 0.0\ntick_storm_configuration_info{hash=\"" + hash
                + "\"} 1\ntick_storm_configuration_refused 0.0\n";
    }

    /** The hash of the configuration as it was applied last. */
    private String hash() {
        return hash(stage.sees(ConfigMap.class, "demo-proxy"));
    }

    private static String hash(ConfigMap map) {
        return ConfigHash.of(map.getData().getOrDefault(Proxies.CONFIGURATION_KEY, ""));
    }
}
