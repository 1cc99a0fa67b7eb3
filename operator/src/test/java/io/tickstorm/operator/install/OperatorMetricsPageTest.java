package io.tickstorm.operator.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page on metrics names what the operator registers, wherever in it that is done. */
class OperatorMetricsPageTest {
    private static final Pattern REGISTERED = Pattern.compile("\"(tick\\.storm\\.operator\\.[a-z.]+)\"");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(tick_storm_operator_[a-z0-9_]+)` \\|");

    @Test
    void everyMetricIsDocumentedAndNoOther() throws IOException {
        var documented = ROW.matcher(Manifest.file("docs/metrics.md"))
                .results()
                // units and kinds, which the registry adds to the names
                .map(row -> row.group(1).replaceFirst("_(seconds|total)$", ""))
                .collect(Collectors.toSet());

        assertThat(registered()).hasSizeGreaterThan(2);
        assertThat(documented).containsExactlyInAnyOrderElementsOf(registered());
    }

    private static Set<String> registered() throws IOException {
        var names = new TreeSet<String>();
        try (var sources = Files.find(
                Path.of("src/main/java"),
                12,
                (file, attributes) -> file.toString().endsWith(".java"))) {
            for (var source : sources.toList()) {
                REGISTERED
                        .matcher(Files.readString(source))
                        .results()
                        .forEach(name -> names.add(name.group(1).replace('.', '_')));
            }
        }
        return names;
    }
}
