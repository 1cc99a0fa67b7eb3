package io.tickstorm.operator.metricsapi;

import static io.tickstorm.operator.reconcile.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tickstorm.operator.ApiServer;
import io.tickstorm.operator.ApiServerLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The metrics behind a real API server with its aggregation layer. */
@ExtendWith(ApiServer.Extension.class)
class MetricsApiIT {
    private static final String BACKENDS = "tickstorm.io/cluster=demo,tickstorm.io/component=backend";
    private static final String PROXIES = "tickstorm.io/cluster=demo,tickstorm.io/component=proxy";

    private final ApiServer server;
    private MetricsStage stage;

    MetricsApiIT(ApiServer server) {
        this.server = server;
    }

    @AfterEach
    void end() {
        stage.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1beta1", "v1beta2"})
    void anAutoscalerReadsTheSumOverAllProxiesForBackendsAndTheProxiesOwn(String version) throws Exception {
        stage = new MetricsStage(server);
        stage.serves();
        stage.pod("demo", "backend", "demo-backend-a", "10.1.0.1");
        stage.pod("demo", "backend", "demo-backend-b", "10.1.0.2");
        stage.pod("other", "backend", "other-backend-a", "10.1.0.3");
        stage.proxy("demo", "demo-proxy-1", "127.5.0.1", () -> """
                tick_storm_active_connections 120.0
                tick_storm_upstream_in_flight{backend="http",upstream="demo-backend-a"} 10.0
                tick_storm_upstream_in_flight{backend="tcp",upstream="demo-backend-a"} 100.0
                tick_storm_upstream_in_flight{backend="http",upstream="demo-backend-b"} 7.0
                """);
        stage.proxy("demo", "demo-proxy-2", "127.5.0.2", () -> """
                tick_storm_active_connections 33.0
                tick_storm_upstream_in_flight{backend="http",upstream="demo-backend-a (10.1.0.1:8000)"} 3.0
                tick_storm_upstream_in_flight{backend="http",upstream="demo-backend-a (10.9.9.9:8000)"} 1000.0
                """);
        var autoscaler = stage.as(MetricsStage.AUTOSCALER);

        assertThat(MetricsStage.values(stage.connections(autoscaler, version, BACKENDS)))
                .isEqualTo(Map.of("demo-backend-a", "113", "demo-backend-b", "7"));
        assertThat(MetricsStage.values(stage.connections(autoscaler, version, PROXIES)))
                .isEqualTo(Map.of("demo-proxy-1", "120", "demo-proxy-2", "33"));
        assertThat(MetricsStage.values(MetricsStage.get(
                        autoscaler,
                        "/apis/custom.metrics.k8s.io/" + version + "/namespaces/" + stage.namespace
                                + "/pods/demo-backend-b/tick_storm_active_connections")))
                .isEqualTo(Map.of("demo-backend-b", "7"));
    }

    @Test
    void aProxyThatDoesNotAnswerMakesBackendsUnknownAndNotSmaller() throws Exception {
        stage = new MetricsStage(server);
        stage.serves();
        stage.pod("demo", "backend", "demo-backend-a", "10.1.0.1");
        stage.proxy("demo", "demo-proxy-1", "127.5.1.1", () -> """
                tick_storm_active_connections 5.0
                tick_storm_upstream_in_flight{backend="http",upstream="demo-backend-a"} 5.0
                """);
        stage.pod("demo", "proxy", "demo-proxy-silent", "127.5.1.2");
        var autoscaler = stage.as(MetricsStage.AUTOSCALER);

        var refusal = catchThrowableOfType(
                KubernetesClientException.class,
                () -> autoscaler.raw("/apis/custom.metrics.k8s.io/v1beta2/namespaces/" + stage.namespace
                        + "/pods/*/tick_storm_active_connections?labelSelector=tickstorm.io%2Fcomponent%3Dbackend"));

        assertThat(refusal).isNotNull();
        assertThat(refusal.getMessage()).contains("do not answer on port 9090: demo-proxy-silent");
        assertThat(MetricsStage.values(stage.connections(autoscaler, "v1beta2", PROXIES)))
                .isEqualTo(Map.of("demo-proxy-1", "5"));
    }

    @Test
    void kubectlFindsTheMetric(@TempDir Path folder) throws Exception {
        stage = new MetricsStage(server);
        stage.serves();

        assertThat(server.kubectl(folder, "get", "--raw", "/apis/custom.metrics.k8s.io/v1beta2"))
                .contains("pods/tick_storm_active_connections");
        assertThat(server.kubectl(folder, "get", "--raw", "/apis/custom.metrics.k8s.io"))
                .contains("\"preferredVersion\":{\"groupVersion\":\"custom.metrics.k8s.io/v1beta2\"");
        assertThat(server.kubectl(folder, "get", "--raw", "/apis")).contains("custom.metrics.k8s.io/v1beta2");
        // As autoscalers find it: the aggregated list, for which the API server asks us in its own name.
        eventually(
                "discovery",
                () -> server.kubectl(folder, "api-versions").lines().anyMatch("custom.metrics.k8s.io/v1beta2"::equals));
        assertThat(server.kubectl(folder, "get", "--raw", "/openapi/v2")).contains("swagger");
        assertThat(server.kubectl(folder, "get", "--raw", "/openapi/v3")).contains("paths");
    }

    @Test
    void theApiServerHasNothingToComplainOf() throws Exception {
        try (var log = new ApiServerLog()) {
            stage = new MetricsStage(server);
            stage.serves();

            // It asks for the documentation of both versions in both forms, when it learns of them and then once a
            // minute.
            eventually("documentation asked for", () -> stage.counted("openapi", "200") >= 4);

            assertThat(log.lines()).isNotEmpty();
            assertThat(log.complaints())
                    .filteredOn(line -> line.contains("custom.metrics.k8s.io"))
                    // before it has found out that we can be reached; what it hears from us is counted below
                    .filteredOn(line -> !line.contains("503") && !line.contains("could not get list of group versions"))
                    .isEmpty();
            assertThat(MetricsStage.get(server.client(), "/openapi/v3/apis/custom.metrics.k8s.io/v1beta2")
                            .encode())
                    .contains("/pods/{name}/tick_storm_active_connections");
            assertThat(stage.registry.scrape().lines())
                    .filteredOn(line -> line.startsWith("tick_storm_operator_metrics_api_requests_seconds_count"))
                    .filteredOn(line -> line.contains("resource=\"openapi\""))
                    .allMatch(line -> line.contains("code=\"200\""));
        }
    }

    @Test
    void whatIsServedIsCounted() throws Exception {
        stage = new MetricsStage(server);
        stage.serves();
        stage.proxy("demo", "demo-proxy-1", "127.5.4.1", () -> "tick_storm_active_connections 1.0\n");
        var before = stage.counted("pods", "200");

        stage.connections(stage.as(MetricsStage.AUTOSCALER), "v1beta2", PROXIES);
        new Direct(stage, stage.api).status(null, "admin", "/apis/custom.metrics.k8s.io/v1beta2");

        assertThat(stage.counted("pods", "200")).isEqualTo(before + 1);
        assertThat(stage.counted("resources", "401")).isEqualTo(1);
        assertThat(stage.registry.scrape())
                .contains(
                        "tick_storm_operator_metrics_api_requests_seconds_bucket{code=\"200\",resource=\"pods\",verb=\"get\",le=\"0.1\"}");
        assertThat(stage.registry
                        .get("tick.storm.operator.metrics.api.certificate.expiry")
                        .gauge()
                        .value())
                .isBetween((double) Duration.ofDays(364).toSeconds(), (double)
                        Duration.ofDays(365).toSeconds());
        stage.now(stage.now().plus(Duration.ofDays(366)));
        assertThat(stage.registry
                        .get("tick.storm.operator.metrics.api.certificate.expiry")
                        .gauge()
                        .value())
                .isNegative();
    }
}
