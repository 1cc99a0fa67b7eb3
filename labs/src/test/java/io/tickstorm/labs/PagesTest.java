package io.tickstorm.labs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the pages say is what the labs have recorded, and the code that they point to is there. {@code -Dgolden.update=true} writes both anew. */
class PagesTest {
    private static final Path ROOT =
            Path.of(System.getProperty("tickstorm.root", "..")).toAbsolutePath().normalize();
    private static final Path LEARN = ROOT.resolve("docs/learn");

    /** [`text of the line`](../../file#L12) */
    private static final Pattern CODE = Pattern.compile("\\[`([^`]+)`]\\(\\.\\./\\.\\./([^)#]+)#L(\\d+)\\)");

    /** Code moves by some lines with every other change; the reader still has it on the screen. */
    private static final int SCREENFUL = 15;

    private static final int LONGEST = 100;

    static Stream<Lab> labs() {
        return Labs.ALL.stream();
    }

    @ParameterizedTest
    @MethodSource("labs")
    void whatWasRecordedShowsWhatTheLabClaims(Lab lab) throws IOException {
        var findings = lab.findings(recording(lab));

        assertThat(findings)
                .isNotEmpty()
                .allSatisfy(finding ->
                        assertThat(finding.holds()).as(finding.words()).isTrue());
    }

    @ParameterizedTest
    @MethodSource("labs")
    void thePictureIsDrawnFromTheRecording(Lab lab) throws IOException {
        var file = LEARN.resolve(lab.name() + ".svg");
        var drawn = lab.picture(recording(lab)).svg();
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(file, drawn);
        }

        assertThat(file).hasContent(drawn);
    }

    @ParameterizedTest
    @MethodSource("labs")
    void thePageTellsTheRecordingsNumbers(Lab lab) throws IOException {
        var file = page(lab);
        var page = Page.with(Files.readString(file), lab, recording(lab));
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(file, page);
        }

        assertThat(file).hasContent(page);
        assertThat(page).contains("make lab NAME=" + lab.name());
        assertThat(page.lines().count()).isLessThanOrEqualTo(LONGEST);
    }

    @ParameterizedTest
    @MethodSource("labs")
    void thePagePointsAtCodeThatIsThere(Lab lab) throws IOException {
        var file = page(lab);
        var page = Files.readString(file);
        if (Boolean.getBoolean("golden.update")) {
            page = CODE.matcher(page).replaceAll(link -> {
                int line = line(link);
                return "[`" + link.group(1) + "`](../../" + link.group(2) + "#L" + line + ")";
            });
            Files.writeString(file, page);
        }

        assertThat(CODE.matcher(page).results().toList())
                .as("links to lines of code")
                .isNotEmpty()
                .allSatisfy(link -> assertThat(line(link))
                        .as("line of %s in %s", link.group(1), link.group(2))
                        .isCloseTo(Integer.parseInt(link.group(3)), org.assertj.core.data.Offset.offset(SCREENFUL)));
    }

    @Test
    void theIndexNamesAllLabsInTheirOrder() throws IOException {
        var index = Files.readString(LEARN.resolve("README.md"));

        assertThat(Pattern.compile("\\]\\(([a-z0-9-]+)\\.md\\)")
                        .matcher(index)
                        .results()
                        .map(link -> link.group(1))
                        .distinct())
                .containsExactlyElementsOf(Labs.ALL.stream().map(Lab::name).toList());
    }

    /** The only line with the text of the link; it begins a method or class, or is a setting of its own. */
    private static int line(MatchResult link) {
        try {
            List<String> lines = Files.readAllLines(ROOT.resolve(link.group(2)));
            var found = java.util.stream.IntStream.range(0, lines.size())
                    .filter(i -> lines.get(i).contains(link.group(1)))
                    .toArray();
            assertThat(found)
                    .as("lines of %s with %s", link.group(2), link.group(1))
                    .hasSize(1);
            return found[0] + 1;
        } catch (IOException e) {
            throw new AssertionError(link.group(2) + " is not there", e);
        }
    }

    private static Path page(Lab lab) {
        return LEARN.resolve(lab.name() + ".md");
    }

    private static Recording recording(Lab lab) throws IOException {
        return Recording.of(Files.readString(LEARN.resolve("data/" + lab.name() + ".json")));
    }
}
