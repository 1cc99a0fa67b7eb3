package io.tickstorm.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The reference page says what the reader does. */
class ReferenceTest {
    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    private static final Path PAGE = ROOT.resolve("docs/reference/configuration.md");
    private static final Path DESCRIPTIONS =
            ROOT.resolve("proxy/core/src/main/resources/io/tickstorm/proxy/config/settings.yaml");
    private static final String UPDATE = "make reference";

    @Test
    void everyKeyIsDescribed() throws IOException {
        var reference = new Reference(Files.readString(DESCRIPTIONS));

        assertThat(String.join("\n", reference.missing()))
                .as("Add these lines to %s, then: %s", ROOT.relativize(DESCRIPTIONS), UPDATE)
                .isEmpty();
    }

    @Test
    void nothingIsDescribedThatIsNoKey() throws IOException {
        var reference = new Reference(Files.readString(DESCRIPTIONS));

        assertThat(String.join("\n", reference.orphans()))
                .as(
                        "No reader asks for these keys, or they are plain sections, whose keys are described one by one. Remove"
                                + " them from %s, then: %s",
                        ROOT.relativize(DESCRIPTIONS), UPDATE)
                .isEmpty();
    }

    @Test
    void thePageSaysWhatTheReaderDoes() throws IOException {
        var committed = Files.readString(PAGE);
        var expected = new Reference(Files.readString(DESCRIPTIONS)).page(committed);
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(PAGE, expected);
        } else {
            assertThat(committed)
                    .as("%s differs from the code; write it anew by: %s", ROOT.relativize(PAGE), UPDATE)
                    .isEqualTo(expected);
        }
    }

    @Test
    void theExampleOnThePageIsValid() throws IOException {
        var page = Files.readString(PAGE);
        var begin = page.indexOf("```yaml\n") + "```yaml\n".length();

        assertThat(ProxyConfig.read(page.substring(begin, page.indexOf("```", begin)), "configuration.md"))
                .isInstanceOf(ConfigResult.Valid.class);
    }
}
