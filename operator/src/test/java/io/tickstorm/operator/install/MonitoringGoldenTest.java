package io.tickstorm.operator.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The manifests of k8s/monitoring are what the chart makes of its files, without what Helm adds. */
class MonitoringGoldenTest {
    private static final List<String> TEMPLATES =
            List.of("pod-monitor", "service-monitor", "prometheus-rule", "dashboards");
    private static final Pattern OF_HELM = Pattern.compile(
            "\\s+(app\\.kubernetes\\.io/(instance|managed-by|version)|helm\\.sh/chart): .*|# Source: .*|---");

    @TestFactory
    Stream<DynamicTest> manifestsAreThoseOfTheChart() {
        var rendered = Chart.text(
                "tickstorm",
                "{podMonitor: {enabled: true}, serviceMonitor: {enabled: true}, prometheusRule: {enabled: true, clusters: true},"
                        + " dashboards: {enabled: true}}");
        return TEMPLATES.stream()
                .map(template -> DynamicTest.dynamicTest(
                        template,
                        () -> isCommitted(
                                template, "# Generated from the chart by: make crd\n" + of(rendered, template))));
    }

    private static String of(String rendered, String template) {
        var begin = "# Source: tickstorm/templates/" + template + ".yaml\n";
        var start = rendered.indexOf(begin);
        assertThat(start).as(begin).isNotNegative();
        var end = rendered.indexOf("\n---\n", start);
        return (end < 0 ? rendered.substring(start) : rendered.substring(start, end + 1))
                .lines()
                .filter(line -> !OF_HELM.matcher(line).matches())
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static void isCommitted(String template, String expected) throws IOException {
        var file = Manifest.ROOT.resolve("k8s/monitoring/" + template + ".yaml");
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(file, expected);
        }

        assertThat(Files.exists(file) ? Files.readString(file) : "")
                .as("%s differs from the chart; write it anew by: make crd", Manifest.ROOT.relativize(file))
                .isEqualTo(expected);
    }
}
