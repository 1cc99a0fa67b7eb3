package io.tickstorm.operator.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.tickstorm.operator.desired.Alerts;
import io.tickstorm.operator.desired.ClusterReader;
import io.tickstorm.operator.desired.Defaults;
import io.tickstorm.operator.desired.Desired;
import io.tickstorm.operator.desired.Situation;
import io.tickstorm.operator.desired.Surroundings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Each alert fires when it should and stays silent when it should, judged by Prometheus's own rules engine; so do the same alerts in the PrometheusRule of one cluster. */
class AlertsTest {
    private static final Path PLAIN =
            Path.of("../k8s/prometheus").toAbsolutePath().normalize();
    private static final String CLUSTER =
            "namespace=\"shop\",service=\"demo-metrics\",job=\"demo-metrics\",pod=\"demo-proxy-0\"";

    @TempDir
    private Path folder;

    private final Map<String, Map<String, List<String>>> worlds = worlds();

    @Test
    void everyAlertHasItsTwoWorlds() {
        assertThat(worlds.keySet())
                .containsExactlyElementsOf(
                        Stream.concat(Alerts.ofAllClusters().stream(), Alerts.ofTheOperator().stream())
                                .map(rule -> String.valueOf(rule.get("alert")))
                                .toList());
        assertThat(worlds.values())
                .allSatisfy(cases -> assertThat(cases.keySet()).containsExactly("fires", "silent"));
    }

    @TestFactory
    Stream<DynamicTest> fireAndStaySilentWhenTheyShould() {
        return worlds.keySet().stream()
                .map(alert -> DynamicTest.dynamicTest(alert, () -> judged(PLAIN.resolve("rules.yml"), List.of(alert))));
    }

    @Test
    void thoseOfOneClusterDoSoForThatClusterAndNoOther() throws Exception {
        var rules = ruleOf("shop", "demo");
        var others = ruleOf("shop", "other");

        judged(written("demo.yml", rules), names(rules));
        Promtool.succeeds(
                "test",
                "rules",
                test(written("other.yml", others), names(others), false).toString());
    }

    /** Debian builds Prometheus without discovery through Kubernetes, so files stand in for it; {@code MonitoringIT} has them say what Kubernetes would. */
    @Test
    void theConfigurationForAPlainPrometheusIsOne() throws Exception {
        Promtool.need();
        var plain = Files.readString(PLAIN.resolve("prometheus.yml"));
        assertThat(plain).containsOnlyOnce("[rules.yml]").contains("kubernetes_sd_configs: [{role: pod}]");

        var configuration = plain.replace("[rules.yml]", "[" + PLAIN.resolve("rules.yml") + "]")
                .replace("kubernetes_sd_configs: [{role: pod}]", "file_sd_configs: [{files: [pods.json]}]");

        Promtool.succeeds(
                "check",
                "config",
                Files.writeString(folder.resolve("prometheus.yml"), configuration)
                        .toString());
    }

    private void judged(Path rules, List<String> alerts) throws Exception {
        Promtool.need();

        Promtool.succeeds("test", "rules", test(rules, alerts, true).toString());
    }

    /** @param heard whether the rules are about the cluster of the worlds: if not, none of them fires */
    private Path test(Path rules, List<String> alerts, boolean heard) throws IOException {
        var tests = new ArrayList<Map<String, Object>>();
        for (var alert : alerts) {
            Map<String, List<String>> cases = Objects.requireNonNull(worlds.get(alert));
            cases.forEach((name, series) -> tests.add(test(alert, series, heard && name.equals("fires"))));
        }
        return written("test.yml", Map.of("rule_files", List.of(rules.toString()), "tests", tests));
    }

    private static Map<String, Object> test(String alert, List<String> series, boolean fires) {
        var test = new LinkedHashMap<String, Object>();
        test.put("interval", "1m");
        test.put("input_series", series.stream().map(AlertsTest::ofTheCluster).toList());
        var firing = "count by (alertname) (ALERTS{alertname=\"" + alert + "\",alertstate=\"firing\"})";
        var sample = Map.of("labels", "{alertname=\"" + alert + "\"}", "value", 1);
        test.put(
                "promql_expr_test",
                List.of(Map.of(
                        "expr", firing,
                        "eval_time", series.getFirst().contains("x130") ? "130m" : "30m",
                        "exp_samples", fires ? List.of(sample) : List.of())));
        return test;
    }

    /** {@code name{own labels} samples}, with the labels of the cluster unless it has them. */
    private static Map<String, Object> ofTheCluster(String series) {
        var end = series.indexOf(' ', series.indexOf('}') + 1);
        var name = series.substring(0, end);
        var values = series.substring(end + 1);
        var own = name.contains("{") ? name.substring(name.indexOf('{') + 1, name.indexOf('}')) : "";
        var bare = name.contains("{") ? name.substring(0, name.indexOf('{')) : name;
        var labels = Stream.of(CLUSTER.split(","))
                .filter(label -> !own.contains(label.substring(0, label.indexOf('=') + 1)))
                .toList();
        return Map.of(
                "series",
                bare + "{" + String.join(",", labels) + (own.isEmpty() ? "" : "," + own) + "}",
                "values",
                values);
    }

    private Path written(String name, Object content) throws IOException {
        var text = new Dump(DumpSettings.builder().build()).dumpToString(content);
        return Files.writeString(folder.resolve(name), text);
    }

    private static Map<String, Object> ruleOf(String namespace, String name) {
        var text = """
                apiVersion: tickstorm.io/v1alpha1
                kind: TickStormCluster
                metadata: {name: %s, namespace: %s}
                spec: {}
                """.formatted(name, namespace);
        if (!(ClusterReader.read(text, name) instanceof ClusterReader.Reading.Accepted(var cluster))) {
            throw new AssertionError(text);
        }
        cluster.getMetadata().setNamespace(namespace);
        var situation =
                new Situation(new Defaults("proxy:test", "backend:test", null), new Surroundings(false, false, true));
        return Desired.of(cluster, situation).stream()
                .filter(object -> object.getKind().equals("PrometheusRule"))
                .map(GenericKubernetesResource.class::cast)
                .map(rule -> rule.<Map<String, Object>>get("spec"))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> names(Map<String, Object> rules) {
        return Pattern.compile("alert=(\\w+)")
                .matcher(rules.toString())
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    @SuppressWarnings("unchecked") // the file's own shape, which the first test looks at
    private static Map<String, Map<String, List<String>>> worlds() {
        try (var text = Objects.requireNonNull(AlertsTest.class.getResourceAsStream("alerts.yaml"))) {
            return (Map<String, Map<String, List<String>>>)
                    new Load(LoadSettings.builder().build())
                            .loadFromString(new String(text.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
