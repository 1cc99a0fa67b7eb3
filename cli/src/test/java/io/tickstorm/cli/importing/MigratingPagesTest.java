package io.tickstorm.cli.importing;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.cli.importing.draft.Finding;
import io.tickstorm.cli.importing.draft.Rule;
import io.tickstorm.cli.importing.draft.UnreadableException;
import io.tickstorm.cli.importing.draft.Verdict;
import io.tickstorm.cli.importing.haproxy.HaproxyRules;
import io.tickstorm.cli.importing.nginx.NginxRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What docs/migrating shows is what the command writes. To write it anew: {@code -Dtest=MigratingPagesTest -Dgolden.update=true}; then read the difference.
 */
class MigratingPagesTest {
    private static final Path FOLDER = Path.of("../docs/migrating");

    @ParameterizedTest
    @ValueSource(
            strings = {"tcp/haproxy.cfg", "sticky/haproxy.cfg", "sticky/nginx.conf", "least-connections/nginx.conf"})
    void theResultsAndTheReportAreWhatTheCommandWrites(String original) throws IOException, UnreadableException {
        var base = original.replaceAll("\\.[a-z]+$", "");

        isShown(base + ".proxy.yaml", imported(original, null).text().orElseThrow());
        isShown(base + ".cluster.yaml", imported(original, "demo").text().orElseThrow());
        isShown(
                base + ".report.txt",
                imported(original, null).report().findings().stream()
                        .map(Finding::toString)
                        .collect(Collectors.joining("\n", "", "\n")));
    }

    @Test
    void theTablesHaveEveryDirectiveThatIsKnown() throws IOException {
        isShown("directives.md", """
                # Directives
                What `tickstorm import` knows, and what mostly becomes of it; the report says what became of each line, and why. `not needed` and `carried` do the same;
                what is not listed is told as not carried over.

                <!-- Generated from io.tickstorm.cli.importing by: MigratingPagesTest -Dgolden.update=true -->

                """ + tables("HAProxy", HaproxyRules.all()) + tables("nginx", NginxRules.all()));
    }

    private static String tables(String format, Map<String, List<? extends Rule<?>>> all) {
        var text = new StringBuilder("## " + format + "\n");
        all.forEach((place, rules) -> {
            text.append("\n### ").append(place).append("\n| directive | | becomes |\n|---|---|---|\n");
            var sorted = new TreeMap<String, Rule<?>>();
            rules.forEach(rule -> sorted.put(rule.directive(), rule));
            sorted.values()
                    .forEach(rule -> text.append("| `%s` | %s | %s |\n"
                            .formatted(
                                    rule.directive(),
                                    rule.usual().word(),
                                    rule.becomes().replace("|", "\\|"))));
        });
        return text.append('\n').toString();
    }

    private static Imported imported(String original, @Nullable String cluster)
            throws IOException, UnreadableException {
        var text = Files.readString(FOLDER.resolve(original));
        var name = original.replaceAll(".*/", "");
        return Imported.of(
                new Imported.Input(text, name, null, Map.of(), cluster),
                Format.of(text).orElseThrow());
    }

    private static void isShown(String file, String text) throws IOException {
        var path = FOLDER.resolve(file);
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(path, text);
        }
        assertThat(path).content().isEqualTo(text);
    }

    @Test
    void theVerdictsAreExplained() throws IOException {
        for (var verdict : Verdict.values()) {
            assertThat(FOLDER.resolve("README.md")).content().contains("`" + verdict.word() + "`");
        }
    }
}
