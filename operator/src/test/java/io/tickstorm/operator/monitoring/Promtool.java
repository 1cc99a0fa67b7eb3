package io.tickstorm.operator.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Prometheus's own tool, where it is installed. */
final class Promtool {
    private static final String NAME = "promtool";

    private Promtool() {}

    /** Ends the test as skipped, with what is missing. */
    static void need() {
        var installed = Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, NAME)));
        Assumptions.assumeTrue(installed, "skipped: needs promtool (Debian: apt-get install prometheus)");
    }

    /** Runs it to a good end. */
    static void succeeds(String... words) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(NAME));
        command.addAll(List.of(words));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(output).isZero();
    }
}
