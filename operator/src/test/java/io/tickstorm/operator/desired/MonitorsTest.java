package io.tickstorm.operator.desired;

import static io.tickstorm.operator.desired.Samples.cluster;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Service;
import io.tickstorm.operator.crd.TickStormCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class MonitorsTest {
    private static final Surroundings PROMETHEUS = new Surroundings(false, true, true);

    @Test
    void whereTheKindsAreUnknownNothingIsMadeAndOnlyWhoeverInsistedIsTold() {
        var insisting = cluster("{monitoring: {serviceMonitor: {enabled: true}}}");

        assertThat(monitors(cluster("{}"), Surroundings.NONE)).isEmpty();
        assertThat(Monitors.missing(cluster("{}"), Surroundings.NONE)).isEmpty();
        assertThat(Monitors.missing(insisting, Surroundings.NONE)).containsExactly("spec.monitoring.serviceMonitor");
        assertThat(Monitors.missing(insisting, PROMETHEUS)).isEmpty();
    }

    @Test
    void theMonitorFindsTheServicesThatAreToBeScrapedByTheirLabelsAndPort() {
        var cluster = cluster("{monitoring: {serviceMonitor: {labels: {release: main}, interval: 1m30s}}}");
        var monitor = monitors(cluster, PROMETHEUS).getFirst();

        Map<String, String> labels = monitor.get("spec", "selector", "matchLabels");
        var scraped = Desired.of(cluster, new Situation(Samples.DEFAULTS, PROMETHEUS)).stream()
                .filter(Service.class::isInstance)
                .filter(service -> service.getMetadata().getLabels().entrySet().containsAll(labels.entrySet()))
                .toList();
        assertThat(scraped)
                .extracting(service -> service.getMetadata().getName())
                .containsExactly("demo-backend", "demo-metrics");
        assertThat(scraped)
                .allSatisfy(service -> assertThat(((Service) service).getSpec().getPorts())
                        .anyMatch(port -> port.getName().equals("metrics")));
        assertThat(monitor.getMetadata().getLabels()).containsEntry("release", "main");
        assertThat(monitor.<List<Map<String, Object>>>get("spec", "endpoints"))
                .singleElement()
                .satisfies(endpoint -> assertThat(endpoint).containsEntry("interval", "90s"));
    }

    @Test
    void aBackendWithoutAPortOfThatNameIsNotScraped() {
        var cluster = cluster("{backend: {image: 'shop:1', ports: {http: 80}}}");

        assertThat(Desired.of(cluster, new Situation(Samples.DEFAULTS, PROMETHEUS)).stream()
                        .filter(object -> object.getMetadata().getLabels().containsKey(SideServices.SCRAPED_LABEL))
                        .map(object -> object.getMetadata().getName()))
                .containsExactly("demo-metrics");
    }

    @Test
    void alertsAreAboutMetricsThatThereAre() throws IOException {
        var documented = Files.readString(Samples.ROOT.resolve("docs/metrics.md"));
        var rules = Alerts.of(cluster("{}"));

        var metrics = rules.stream()
                .map(rule -> String.valueOf(rule.get("expr")))
                .flatMap(expression ->
                        Pattern.compile("tick_storm_\\w+").matcher(expression).results())
                .map(match -> match.group())
                .distinct()
                .toList();

        assertThat(metrics)
                .hasSizeGreaterThan(5)
                .allSatisfy(metric -> assertThat(documented).contains("`" + metric + "`"));
        assertThat(rules)
                .allSatisfy(rule -> assertThat(String.valueOf(rule.get("expr")))
                        .contains("namespace=\"shop\",service=\"demo-metrics\"")
                        .doesNotContain("%"));
    }

    @Test
    void bothCanBeSwitchedOff() {
        assertThat(monitors(
                        cluster("{monitoring: {serviceMonitor: {enabled: false}, prometheusRule: {enabled: false}}}"),
                        PROMETHEUS))
                .isEmpty();
    }

    private static List<GenericKubernetesResource> monitors(TickStormCluster cluster, Surroundings surroundings) {
        return Desired.of(cluster, new Situation(Samples.DEFAULTS, surroundings)).stream()
                .filter(GenericKubernetesResource.class::isInstance)
                .map(GenericKubernetesResource.class::cast)
                .toList();
    }
}
