package io.tickstorm.cli.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tickstorm.cli.load.Eventually;
import io.tickstorm.operator.ApiServer;
import io.tickstorm.operator.desired.Proxies;
import io.tickstorm.process.MetricsPort;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus asks real proxies and a real operator beside a real API server, while versions change, a bad one among them: each panel of each dashboard has something to show. */
@Timeout(300)
@ExtendWith(ApiServer.Extension.class)
class MonitoringIT {
    private static final Path DASHBOARDS = Path.of("../helm/tickstorm/monitoring");
    private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.*), (\\w+)\\)");
    /** Outside of what a town takes for its proxies. */
    private static final String OPERATOR = "127.251.0.1";

    /** At so many queries each, for some ten seconds. */
    private static final int LOOKS = 50;

    private static final Duration SOON = Duration.ofSeconds(60);
    /** Half of the traffic, until somebody promotes it. */
    private static final String CANARY =
            "replicas: 3, rollout: {strategy: Canary, canary: {steps: [{weight: 50}], analysis: {interval: 1s, minRequests: 20}}}";

    @TempDir
    private Path folder;

    @Test
    void everyPanelOfEveryDashboardHasSomethingToShow(ApiServer server) throws Exception {
        Prometheus.need();
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        var vertx = Vertx.vertx();
        try (var town = new Town(server, registry);
                var prometheus = Prometheus.start(folder)) {
            town.pod("operator-0", OPERATOR, Map.of("app.kubernetes.io/name", "tickstorm-operator"));
            MetricsPort.start(vertx, OPERATOR, Proxies.METRICS_PORT, registry).await();
            town.user("shop:good-1", CANARY, "");
            town.seesPhase("Stable");
            town.sees("requests", any -> town.answered(200) > 20);
            prometheus.discovers(
                    town.client.pods().inNamespace(town.namespace).list().getItems());

            town.user("shop:bad-2", CANARY, "");
            town.seesPhase("Aborted");
            Eventually.within(
                    SOON,
                    () -> prometheus.rules().stream()
                            .anyMatch(rule -> rule.getString("name").equals("TickStormRolloutAborted")
                                    && !rule.getJsonArray("alerts").isEmpty()));
            town.user("shop:good-3", CANARY, "");
            town.sees("half of the traffic", status -> Integer.valueOf(50).equals(status.get("weight")));

            var silent = silent(prometheus, town.namespace);
            for (int look = 0; look < LOOKS && !silent.isEmpty(); look++) {
                silent = silent(prometheus, town.namespace);
            }
            assertThat(silent).isEmpty();
            assertThat(prometheus.rules())
                    .hasSizeGreaterThan(15)
                    .allSatisfy(rule -> assertThat(rule.getString("health"))
                            .as(rule.encode())
                            .isEqualTo("ok"));
        } finally {
            vertx.close().await();
        }
    }

    /** Panels and variables to which Prometheus has no answer, or none but "not a number". */
    private static List<String> silent(Prometheus prometheus, String namespace) throws Exception {
        var silent = new ArrayList<String>();
        for (var dashboard : dashboards()) {
            for (var panel : objects(dashboard, "panels")) {
                for (var target : objects(panel, "targets")) {
                    var query = chosen(target.getString("expr"), namespace);
                    if (prometheus.query(query).stream().allMatch(MonitoringIT::isNoNumber)) {
                        silent.add(dashboard.getString("title") + ", " + panel.getString("title") + ": " + query);
                    }
                }
            }
            for (var variable : objects(dashboard.getJsonObject("templating"), "list")) {
                if (variable.getString("type").equals("query")) {
                    var asked = LABEL_VALUES.matcher(
                            chosen(variable.getJsonObject("query").getString("query"), namespace));
                    assertThat(asked.matches()).isTrue();
                    if (prometheus.values(asked.group(2), asked.group(1)).isEmpty()) {
                        silent.add(dashboard.getString("title") + ", $" + variable.getString("name"));
                    }
                }
            }
        }
        return silent;
    }

    private static boolean isNoNumber(JsonObject series) {
        return series.getJsonArray("value").getString(1).equals("NaN");
    }

    /** As Grafana asks when a person has chosen this cluster. */
    private static String chosen(String query, String namespace) {
        return query.replace("$__rate_interval", "5s")
                .replace("$namespace", namespace)
                .replace("$cluster", "demo")
                .replace("$job", "demo-metrics");
    }

    private static List<JsonObject> dashboards() throws IOException {
        try (var files = Files.list(DASHBOARDS)) {
            var dashboards = new ArrayList<JsonObject>();
            for (var file : files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList()) {
                dashboards.add(new JsonObject(Files.readString(file)));
            }
            return dashboards;
        }
    }

    private static List<JsonObject> objects(JsonObject parent, String field) {
        return Stream.ofNullable(parent.getJsonArray(field))
                .flatMap(array -> array.stream())
                .map(JsonObject.class::cast)
                .toList();
    }
}
