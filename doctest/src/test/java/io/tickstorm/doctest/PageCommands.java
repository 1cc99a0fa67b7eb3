package io.tickstorm.doctest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the commands of every page, in namespaces of their own: ports are those that the page names, whoever else listens on them here, and
 * nothing outlives the page.
 */
class PageCommands {
    private static final Path LAUNCHER = Page.ROOT.resolve("cli/target/tickstorm/bin");
    private static final Pattern WHOLE =
            Pattern.compile("(?ms)^kind: TickStormCluster$|^listeners:.*^backends:|^backends:.*^listeners:");
    private static final List<String> ALONE =
            List.of("unshare", "--user", "--map-root-user", "--net", "--pid", "--fork", "--kill-child", "--mount-proc");

    @TempDir
    private Path folder;

    @TestFactory
    Stream<DynamicTest> everyPageDoesWhatItSays() throws IOException {
        assertThat(LAUNCHER.resolve("tickstorm")).as("make dist packs it").isExecutable();
        return Page.all().stream()
                .map(page -> page.blocks.stream().filter(PageCommands::runsHere).toList())
                .filter(blocks -> !blocks.isEmpty())
                .map(blocks -> DynamicTest.dynamicTest(blocks.getFirst().page(), () -> run(blocks)));
    }

    /** Parts of either, which say nothing of what they need around them, are not judged. */
    @Test
    void everyResourceAndEveryWholeConfigurationOnAPageIsValid() throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(LAUNCHER.resolve("tickstorm").toString(), "check", "-q"));
        for (var page : Page.all()) {
            for (var block : page.blocks) {
                if (block.language().equals("yaml")
                        && WHOLE.matcher(block.text()).find()) {
                    var file = folder.resolve(block.where().replace('/', '-').replace(':', '-') + ".yaml");
                    command.add(Files.writeString(file, block.text()).toString());
                }
            }
        }
        assertThat(command).hasSizeGreaterThan(12);

        var check = new ProcessBuilder(command).redirectErrorStream(true).start();

        assertThat(new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEmpty();
        assertThat(check.waitFor()).isZero();
    }

    private void run(List<Block> blocks) throws IOException, InterruptedException {
        var scratch =
                Files.createDirectory(folder.resolve(blocks.getFirst().page().replace('/', '-')));
        var session = new Session(
                        scratch,
                        ALONE,
                        Map.of(
                                "PATH",
                                LAUNCHER + ":" + System.getenv("PATH"),
                                "SCRATCH",
                                Files.createDirectory(scratch.resolve("scratch"))
                                        .toString()))
                .first("ip link set lo up");
        blocks.forEach(session::add);
        session.run();
    }

    private static boolean runsHere(Block block) {
        return block.hasCommands() && (block.how() instanceof How.Here || block.how() instanceof How.Until);
    }
}
