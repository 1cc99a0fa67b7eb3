package io.tickstorm.operator.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Alerts and dashboards ask for metrics that there are, by labels that they have. */
class MetricNamesTest {
    private static final Pattern METRIC = Pattern.compile("\\btick_storm_[a-z0-9_]+");
    /** What a histogram or summary is called where it is scraped. */
    private static final Pattern PART = Pattern.compile("_(bucket|sum|count)$");

    private final String documentation = Manifest.file("docs/metrics.md");

    @ParameterizedTest
    @ValueSource(strings = {"operator.yaml", "clusters.yaml", "fleet.json", "cluster.json", "rollout.json"})
    void everyMetricIsDocumented(String file) {
        var asked = metrics(Manifest.file("helm/tickstorm/monitoring/" + file));

        assertThat(asked).isNotEmpty();
        assertThat(documented()).containsAll(asked);
    }

    @Test
    void everyAlertSaysWhatIsWrongAndWhatToDo() {
        for (var file : Set.of("operator.yaml", "clusters.yaml")) {
            for (var group : Manifest.list(Manifest.all("groups:\n"
                            + Manifest.file("helm/tickstorm/monitoring/" + file).indent(2))
                    .getFirst()
                    .at("groups"))) {
                for (var rule : Manifest.list(Manifest.map(group).get("rules"))) {
                    var alert = new Manifest(Manifest.map(rule));

                    assertThat(alert.at("annotations.summary"))
                            .as(alert.toString())
                            .isNotNull();
                    assertThat(alert.at("annotations.description"))
                            .as(alert.toString())
                            .isNotNull();
                    assertThat(alert.at("labels.severity")).as(alert.toString()).isIn("critical", "warning");
                    var page = Manifest.file(String.valueOf(alert.at("annotations.runbook")));
                    assertThat(page)
                            .contains("## What it means", "## Why it matters", "## What to look at", "## What to do");
                    assertThat(documented()).as(alert.toString()).containsAll(metrics(page));
                    assertThat(alert.at("for")).as(alert.toString()).isNotNull();
                }
            }
        }
    }

    private Set<String> documented() {
        return metrics(documentation);
    }

    private static Set<String> metrics(String text) {
        return METRIC.matcher(text)
                .results()
                .map(MatchResult::group)
                .map(name -> PART.matcher(name).replaceFirst(""))
                .collect(Collectors.toSet());
    }
}
