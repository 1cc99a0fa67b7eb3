package io.tickstorm.operator.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What k8s/ installs is what the chart installs. */
class KustomizeTest {
    /** They say by which of the two ways an object came. */
    private static final Set<String> LABELS_OF_THE_CHART = Set.of(
            "app.kubernetes.io/instance",
            "app.kubernetes.io/managed-by",
            "app.kubernetes.io/version",
            "helm.sh/chart",
            "helm.sh/resource-policy");

    @Test
    void theOperatorIsTheSame() {
        assertSame(Kustomization.read("k8s"), Chart.render(""));
    }

    @Test
    void monitoringIsTheSame() {
        var switches = "{crds: {enabled: false}, podMonitor: {enabled: true},"
                + " prometheusRule: {enabled: true, clusters: true}, dashboards: {enabled: true}}";
        var without = Chart.render("").stream().map(Manifest::id).toList();
        var added = Chart.render(switches).stream()
                .filter(object -> !without.contains(object.id()))
                .toList();

        assertSame(Kustomization.read("k8s/monitoring"), added);
    }

    private static void assertSame(List<Manifest> kustomize, List<Manifest> chart) {
        var expected = chart.stream().filter(KustomizeTest::stays).toList();
        // the namespace comes with the chart's release
        var given = kustomize.stream()
                .filter(object -> !object.kind().equals("Namespace"))
                .toList();

        assertThat(given)
                .extracting(Manifest::id)
                .isEqualTo(expected.stream().map(Manifest::id).toList());
        for (int i = 0; i < given.size(); i++) {
            assertThat(difference(given.get(i), expected.get(i)))
                    .as(given.get(i).id())
                    .isEmpty();
        }
    }

    private static List<String> difference(Manifest kustomize, Manifest chart) {
        var ours = told(kustomize);
        var theirs = told(chart);
        return Stream.concat(
                        ours.stream().filter(leaf -> !theirs.contains(leaf)).map(leaf -> "only in k8s: " + leaf),
                        theirs.stream().filter(leaf -> !ours.contains(leaf)).map(leaf -> "only in the chart: " + leaf))
                .toList();
    }

    private static boolean stays(Manifest object) {
        return object.hook() == null;
    }

    private static List<String> told(Manifest object) {
        return object.leaves().stream()
                .filter(leaf -> LABELS_OF_THE_CHART.stream().noneMatch(label -> leaf.contains('.' + label + ": ")))
                // the definition, which is generated, has none of its own
                .filter(leaf ->
                        !object.kind().equals("CustomResourceDefinition") || !leaf.startsWith("metadata.labels."))
                .toList();
    }
}
