package io.tickstorm.proxy.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of the page keep to its policy, so that a browser shows all of it. */
class PageTest {
    private static final Path FOLDER = Path.of("src/main/resources/io/tickstorm/proxy/admin/page");
    private static final Pattern REFERENCE = Pattern.compile("(?:href|src)=\"([^\"]*)\"|from '([^']*)'");

    @Test
    void thePolicyAllowsNothingInlineAndNothingFromElsewhere() {
        assertThat(Page.POLICY)
                .startsWith("default-src 'none'; ")
                .contains("script-src 'self';", "style-src 'self';", "connect-src 'self';", "frame-ancestors 'none'")
                .doesNotContain("unsafe", "*", "data:", "http");
    }

    @ParameterizedTest
    @MethodSource("files")
    void nothingIsInlineAndNothingComesFromElsewhere(Path file) throws IOException {
        var text = Files.readString(file);

        assertThat(text.replace("http://www.w3.org/2000/svg", ""))
                .doesNotContain("style=\"", "<style", "javascript:", "innerHTML", "http://", "https://", "eval(")
                .doesNotContainPattern(" on[a-z]+=\"")
                .doesNotContainPattern("<script(?![^>]*src=)");
    }

    @ParameterizedTest
    @MethodSource("files")
    void whatAFileRefersToIsThere(Path file) throws IOException {
        var references = REFERENCE
                .matcher(Files.readString(file))
                .results()
                .map(match -> match.group(1) == null ? match.group(2) : match.group(1))
                .filter(reference -> reference.startsWith("/page/") || reference.startsWith("./"));

        assertThat(references)
                .allSatisfy(reference -> assertThat(Page.file(reference.replaceFirst("^(/page/|\\./)", "")))
                        .isNotNull());
    }

    @Test
    void theLibraryOfTheChartsIsInItsJar() {
        assertThat(Page.file("chart.js")).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"none.js", "../Page.class", "..%2fPage.class", "index.html/", "Page.class", "", "main.js.map"})
    void nothingElseIsServed(String name) {
        assertThatThrownBy(() -> Page.file(name)).isInstanceOf(Refusal.class);
    }

    static Stream<Path> files() throws IOException {
        try (var files = Files.list(FOLDER)) {
            return files.sorted().toList().stream();
        }
    }

    @Test
    void eachFileIsRead() throws IOException {
        assertThat(files().map(file -> String.valueOf(file.getFileName())))
                .contains("index.html", "main.js", "base.css")
                .allSatisfy(name -> assertThat(Page.file(name)).isNotNull());
        assertThat(Files.readString(FOLDER.resolve("index.html"), StandardCharsets.UTF_8))
                .startsWith("<!doctype html>");
    }
}
