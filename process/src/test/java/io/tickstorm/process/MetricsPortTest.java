package io.tickstorm.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MetricsPortTest {
    private final Vertx vertx = Vertx.vertx();
    private final Answers answers = new Answers();
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private MetricsPort port;

    @BeforeEach
    void start() {
        port = MetricsPort.start(vertx, "127.0.0.1", 0, registry).await();
    }

    @AfterEach
    void stop() {
        answers.close();
        port.close().await();
        vertx.close().await();
    }

    @Test
    void aScrapeShowsOwnMetersAndThoseOfTheProcess() throws Exception {
        registry.gauge("tick_storm_active_connections", 7);

        var scrape = answers.get(port.port(), "/metrics");

        assertThat(scrape.statusCode()).isEqualTo(200);
        assertThat(scrape.headers().firstValue("content-type")).hasValue("text/plain; version=0.0.4; charset=utf-8");
        assertThat(scrape.body())
                .contains("tick_storm_active_connections 7.0")
                .contains("jvm_memory_used_bytes")
                .contains("process_cpu_usage")
                .contains("process_uptime_seconds");
    }

    @Test
    void openMetricsIsSpokenToThoseWhoAskForIt() throws Exception {
        var scrape =
                answers.get(port.port(), "/metrics", "Accept", "application/openmetrics-text;version=1.0.0,*/*;q=0.1");

        assertThat(scrape.headers().firstValue("content-type"))
                .hasValue("application/openmetrics-text; version=1.0.0; charset=utf-8");
        assertThat(scrape.body()).endsWith("# EOF\n");
    }

    @Test
    void onlyMetricsAreServed() throws Exception {
        assertThat(answers.get(port.port(), "/").statusCode()).isEqualTo(404);
    }
}
