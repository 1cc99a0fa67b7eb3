package io.tickstorm.operator.reconcile;

import static io.tickstorm.operator.reconcile.Eventually.eventually;
import static io.tickstorm.operator.reconcile.Eventually.written;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.tickstorm.operator.ApiServer;
import io.tickstorm.operator.desired.Monitors;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The monitors and rules of a cluster on an API server that knows these kinds: one of its own, for others must not. */
class MonitorsIT {
    private static ApiServer server;
    private Stage stage;

    @BeforeAll
    static void define() throws IOException {
        server = ApiServer.begin();
        try (var definitions = MonitorsIT.class.getResourceAsStream("monitoring-crds.yaml")) {
            for (var definition : server.client().load(definitions).serverSideApply()) {
                server.awaitEstablished(definition.getMetadata().getName());
            }
        }
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @BeforeEach
    void begin() {
        stage = new Stage(server);
    }

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void aClusterHasAMonitorAndRulesThatTheDefinitionsKnowEveryFieldOf() {
        stage.user("demo", stage.spec(", monitoring: {serviceMonitor: {interval: 7s, labels: {release: main}}}"));

        var monitor = sees(Monitors.SERVICE_MONITOR, any -> true);
        var rule = sees(Monitors.PROMETHEUS_RULE, any -> true);

        assertThat(monitor.getMetadata().getLabels()).containsEntry("release", "main");
        assertThat(monitor.<List<Map<String, Object>>>get("spec", "endpoints"))
                .containsExactly(Map.of("port", "metrics", "path", "/metrics", "interval", "7s"));
        assertThat(monitor.<Map<String, Object>>get("spec", "selector"))
                .isEqualTo(
                        Map.of("matchLabels", Map.of("tickstorm.io/cluster", "demo", "tickstorm.io/scraped", "true")));
        assertThat(rule.<List<Map<String, Object>>>get("spec", "groups"))
                .singleElement()
                .satisfies(group -> {
                    assertThat(group).containsEntry("name", "tickstorm");
                    assertThat((List<?>) group.get("rules"))
                            .isNotEmpty()
                            .allSatisfy(one -> assertThat(((Map<?, ?>) one).keySet())
                                    .isEqualTo(Set.of("alert", "expr", "for", "labels", "annotations")))
                            .anySatisfy(one -> {
                                assertThat(((Map<?, ?>) one).get("alert")).isEqualTo("TickStormConfigurationRefused");
                                assertThat(((Map<?, ?>) one).get("expr"))
                                        .asString()
                                        .contains("tick_storm_configuration_refused{", "demo");
                            });
                });
        // every field was kept, so nothing is ever corrected
        stage.seesCondition("demo", "Degraded", "False", "AsExpected");
        assertThat(stage.client
                        .v1()
                        .events()
                        .inNamespace(stage.namespace)
                        .list()
                        .getItems())
                .noneMatch(event -> "Corrected".equals(event.getReason()));
    }

    @Test
    void whatSomebodyChangesIsChangedBackAndWhatIsSwitchedOffGoes() {
        stage.user("demo", stage.spec(""));
        sees(Monitors.SERVICE_MONITOR, any -> true);

        written("PrometheusRule", () -> {
            var rule = sees(Monitors.PROMETHEUS_RULE, any -> true);
            rule.setAdditionalProperty("spec", Map.of("groups", List.of()));
            stage.client.resource(rule).update();
        });
        sees(
                Monitors.PROMETHEUS_RULE,
                seen -> !seen.<List<?>>get("spec", "groups").isEmpty());
        stage.user(
                "demo",
                stage.spec(", monitoring: {serviceMonitor: {enabled: false}, prometheusRule: {enabled: false}}"));

        for (var kind : List.of(Monitors.SERVICE_MONITOR, Monitors.PROMETHEUS_RULE)) {
            eventually("no " + kind, () -> get(kind) == null, gone -> gone);
        }
    }

    private GenericKubernetesResource sees(String kind, Predicate<GenericKubernetesResource> expected) {
        return eventually(kind, () -> get(kind), expected);
    }

    private GenericKubernetesResource get(String kind) {
        var context = new ResourceDefinitionContext.Builder()
                .withGroup(Monitors.GROUP)
                .withVersion(Monitors.VERSION)
                .withKind(kind)
                .withPlural(kind.toLowerCase(java.util.Locale.ROOT) + "s")
                .withNamespaced(true)
                .build();
        return stage.client
                .genericKubernetesResources(context)
                .inNamespace(stage.namespace)
                .withName("demo")
                .get();
    }
}
