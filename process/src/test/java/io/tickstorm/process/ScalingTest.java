package io.tickstorm.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The pages over a real socket. */
class ScalingTest {
    private final Vertx vertx = Vertx.vertx();
    private final Answers answers = new Answers();

    @AfterEach
    void stop() {
        answers.close();
        vertx.close().await();
    }

    @Test
    void theMetricsHaveTheFieldsOfTheGuide() throws Exception {
        var port = start(Map.of());

        var metrics = new JsonObject(answers.get(port, "/autoscaling/metrics").body());

        assertThat(metrics.getInteger("active_connections")).isEqualTo(60_000);
        assertThat(metrics.getLong("total_connections")).isEqualTo(1_500_000);
        assertThat(metrics.getDouble("connection_utilization")).isEqualTo(0.75);
        assertThat(metrics.fieldNames())
                .contains(
                        "instance_id",
                        "uptime_seconds",
                        "memory_usage_mb",
                        "memory_usage_percent",
                        "cpu_usage_percent",
                        "version",
                        "platform");
    }

    @Test
    void aScraperGetsItsOwnFormat() throws Exception {
        var port = start(Map.of());

        var scrape = answers.get(
                port, "/autoscaling/metrics", "Accept", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5");

        assertThat(scrape.body().lines()).contains("tick_storm_autoscaling_active_connections 60000");
    }

    @Test
    void aRecommendationComesWithItsReason() throws Exception {
        var port = start(Map.of("AUTOSCALING_CONNECTIONS_PER_INSTANCE", "60000"));

        var recommended = new JsonObject(
                answers.get(port, "/autoscaling/recommendations?replicas=3").body());

        assertThat(recommended.getString("action")).isEqualTo("scale_up");
        assertThat(recommended.getInteger("recommended_replicas")).isGreaterThanOrEqualTo(4);
        assertThat(recommended.getString("reason")).startsWith("60000 connections of 60000 (100 %), at or above 80 %");
        assertThat(recommended.getInteger("current_replicas")).isEqualTo(3);
    }

    @Test
    void aNumberOfReplicasThatCannotBeIsRefused() throws Exception {
        var port = start(Map.of());

        var refused = answers.get(port, "/autoscaling/recommendations?replicas=none");

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(new JsonObject(refused.body()).getString("error"))
                .isEqualTo("replicas: none (expected: 1..1000000)");
    }

    @Test
    void itCanBeSwitchedOff() throws Exception {
        var port = start(Map.of("AUTOSCALING_ENABLED", "false"));

        assertThat(answers.get(port, "/autoscaling/metrics").statusCode()).isEqualTo(404);
        assertThat(answers.get(port, "/autoscaling/recommendations").body())
                .contains("switched off by AUTOSCALING_ENABLED=false");
        assertThat(answers.get(port, "/metrics").statusCode()).isEqualTo(200);
    }

    private int start(Map<String, String> environment) {
        var scaling = new Scaling(ScalingSettings.of(environment), () -> 60_000, () -> 1_500_000);
        return MetricsPort.start(vertx, "127.0.0.1", 0, new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), scaling)
                .await()
                .port();
    }
}
