package io.tickstorm.operator.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.operator.desired.Alerts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/** Alerts and dashboards of the chart, and the rules for a plain Prometheus, are what the code says. */
class MonitoringFilesGoldenTest {
    private static final String HEAD = "# Generated from io.tickstorm.operator.desired.Alerts by: make crd\n";
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @TestFactory
    Stream<DynamicTest> filesAreWhatTheCodeSays() {
        var clusters = group("tickstorm-clusters", Alerts.ofAllClusters());
        var operator = group("tickstorm-operator", Alerts.ofTheOperator());
        var rules = Stream.of(
                committed("helm/tickstorm/monitoring/clusters.yaml", HEAD + yaml(List.of(clusters))),
                committed("helm/tickstorm/monitoring/operator.yaml", HEAD + yaml(List.of(operator))),
                committed("k8s/prometheus/rules.yml", HEAD + yaml(Map.of("groups", List.of(clusters, operator)))));
        var dashboards = Dashboards.all().stream()
                .map(dashboard ->
                        committed("helm/tickstorm/monitoring/" + dashboard.name() + ".json", dashboard.json()));
        return Stream.concat(rules, dashboards);
    }

    private static Map<String, Object> group(String name, List<Map<String, Object>> rules) {
        var group = new LinkedHashMap<String, Object>();
        group.put("name", name);
        group.put("rules", rules);
        return group;
    }

    private static String yaml(Object node) {
        return new Dump(DumpSettings.builder()
                        .setDefaultFlowStyle(FlowStyle.BLOCK)
                        .setIndicatorIndent(2)
                        .setIndentWithIndicator(true)
                        .setWidth(Integer.MAX_VALUE)
                        .build())
                .dumpToString(node);
    }

    private static DynamicTest committed(String path, String expected) {
        return DynamicTest.dynamicTest(path, () -> isCommitted(path, expected));
    }

    private static void isCommitted(String path, String expected) throws IOException {
        var file = ROOT.resolve(path);
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(file, expected);
        }

        assertThat(Files.exists(file) ? Files.readString(file) : "")
                .as("%s differs from the code; write it anew by: make crd", path)
                .isEqualTo(expected);
    }
}
