package io.tickstorm.proxy.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.endpoint.FailureKind;
import io.tickstorm.proxy.listener.Protocol;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page on the access log says what the code does. */
class AccessLogPageTest {
    private static final Path PAGE =
            Path.of("../../docs/reference/access-log.md").toAbsolutePath().normalize();

    @Test
    void everyFieldIsDocumentedAndNoOther() throws IOException {
        var json = EntryJson.of(new Recorded(Instant.EPOCH, everything()));

        assertThat(rows("## Fields")).containsExactlyInAnyOrderElementsOf(fields(json));
    }

    @Test
    void everyTerminationIsDocumentedAsTheCodeSaysIt() throws IOException {
        var expected = Arrays.stream(Termination.values())
                .map(word -> "| `" + word + "` | " + word.side().name().toLowerCase() + " | " + word.words() + " |")
                .toList();

        assertThat(section("## `termination`").lines().filter(line -> line.startsWith("| `")))
                .containsExactlyElementsOf(expected);
    }

    @Test
    void everyFailureOfAnAttemptIsDocumented() throws IOException {
        assertThat(rows("## `attempts[].failure`"))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(FailureKind.values()).map(Enum::name).toList());
    }

    @Test
    void theExampleHasOnlyDocumentedFields() throws IOException {
        var page = Files.readString(PAGE);
        var begin = page.indexOf("```json\n") + "```json\n".length();
        var example = new JsonObject(page.substring(begin, page.indexOf("```", begin)));

        assertThat(rows("## Fields")).containsAll(fields(example));
    }

    /** An entry of which nothing is left out. */
    private static Entry everything() {
        var attempt = new Try("web-1", "10.0.0.1:8000", 1, 2, 3, 4, false, FailureKind.STATUS_5XX, 503);
        return new Entry(
                "http",
                "web",
                "192.0.2.1:1",
                Protocol.HTTP,
                "HTTP/2",
                new Entry.Request("id", "GET", "h", "/"),
                503,
                1,
                2,
                3,
                4,
                List.of(attempt),
                Termination.COMPLETE,
                "more");
    }

    private static Set<String> fields(JsonObject json) {
        var fields = new LinkedHashSet<>(json.fieldNames());
        json.getJsonArray("attempts")
                .forEach(attempt ->
                        ((JsonObject) attempt).fieldNames().forEach(name -> fields.add("attempts[]." + name)));
        return fields;
    }

    private static Set<String> rows(String heading) throws IOException {
        return Pattern.compile("(?m)^\\| `([^`]+)`")
                .matcher(section(heading))
                .results()
                .map(row -> row.group(1))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static String section(String heading) throws IOException {
        var page = Files.readString(PAGE);
        var begin = page.indexOf(heading + "\n");
        assertThat(begin).as(heading).isNotNegative();
        var end = page.indexOf("\n## ", begin + 1);
        return page.substring(begin, end < 0 ? page.length() : end);
    }
}
