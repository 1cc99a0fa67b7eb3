package io.tickstorm.cli.importing.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tickstorm.cli.importing.draft.Finding;
import io.tickstorm.cli.importing.draft.Report;
import io.tickstorm.cli.importing.draft.UnreadableException;
import io.tickstorm.cli.importing.draft.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {
    @TempDir
    private Path folder;

    private final Report report = new Report();

    @Test
    void directivesEndWithASignAndMayGoOverLines() throws UnreadableException {
        var read = read("a 1\n  2; b{c 'd;}' \"e\\\"\";} # f\n");

        assertThat(read).hasSize(2);
        assertThat(read.getFirst().said().words()).containsExactly("a", "1", "2");
        assertThat(read.getLast().children().getFirst().said().words()).containsExactly("c", "d;}", "e\"");
        assertThat(report.findings())
                .extracting(finding -> finding.line().number())
                .containsExactly(1, 2, 2);
    }

    @Test
    void aVariableInBracesIsPartOfItsWordAndABackslashOfAPattern() throws UnreadableException {
        var read = read("return 301 https://${host}$uri#x; location ~ \\.php$ { }");

        assertThat(read.getFirst().said().words()).containsExactly("return", "301", "https://${host}$uri#x");
        assertThat(read.getLast().said().words()).containsExactly("location", "~", "\\.php$");
    }

    @Test
    void includedFilesAreReadInTheirPlace() throws IOException, UnreadableException {
        Files.createDirectory(folder.resolve("sites"));
        Files.writeString(folder.resolve("sites/b.conf"), "b 2;");
        Files.writeString(folder.resolve("sites/a.conf"), "a 1;");

        var read = read("include sites/*.conf; include gone.conf; include mime.types; c 3;");

        assertThat(read).extracting(Directive::name).containsExactly("a", "b", "c");
        assertThat(report.findings())
                .filteredOn(finding -> finding.line().text().startsWith("include"))
                .extracting(Finding::verdict)
                .containsExactly(Verdict.CARRIED, Verdict.LOST, Verdict.UNNEEDED);
    }

    @Test
    void whatBreaksTheGrammarIsToldWithItsLine() {
        assertThatThrownBy(() -> read("a;\nb")).hasMessage("nginx.conf:2: b (expected: words, then ; or a block)");
        assertThatThrownBy(() -> read("a;\n}")).hasMessage("nginx.conf:2: } (expected: a { before it)");
        assertThatThrownBy(() -> read("a {")).hasMessage("nginx.conf:1: a { (expected: a } that ends it)");
        assertThatThrownBy(() -> read("a 'b")).hasMessage("nginx.conf:1: a quote ' that does not end");
    }

    private List<Directive> read(String text) throws UnreadableException {
        return ConfigFile.read(text, "nginx.conf", folder, report);
    }
}
