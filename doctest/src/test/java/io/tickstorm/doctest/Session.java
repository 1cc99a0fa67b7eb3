package io.tickstorm.doctest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs the blocks of one page in one shell, as a reader would, from the root of the repository.
 *
 * <p>Each command runs in a subshell that ends with its first failure; what was started in the background stays until the page ends.
 */
final class Session {
    private static final int SECONDS = 300;

    private record Step(Block block, Block.Command command) {}

    private final Path folder;
    private final List<String> around;
    private final Map<String, String> environment;
    private final StringBuilder script = new StringBuilder();
    private final List<Step> steps = new ArrayList<>();

    /**
     * @param folder where outputs go; empty
     * @param around the command in which the shell runs, such as one that gives it a network of its own
     */
    Session(Path folder, List<String> around, Map<String, String> environment) {
        this.folder = folder;
        this.around = around;
        this.environment = environment;
        script.append("cd ").append(Page.ROOT).append("\n");
    }

    Session first(String commands) {
        script.append(commands).append('\n');
        return this;
    }

    Session add(Block block) {
        if (!block.first().isEmpty()) {
            first("( set -e\n" + block.first() + ") >$OUT/first 2>&1 </dev/null || { echo '" + block.where()
                    + ": what is run before it failed:'; cat $OUT/first; exit 1; }");
        }
        for (var command : block.commands()) {
            var out = "$OUT/" + steps.size();
            script.append("( set -e\n")
                    .append(command.text())
                    .append("\n) >")
                    .append(out)
                    .append(" 2>&1 </dev/null");
            script.append(
                    block.how() instanceof How.Until(var text)
                            ? " &\nfor _ in {1..900}; do grep -qF '" + text + "' " + out
                                    + " && break; kill -0 $! 2>/dev/null || break; sleep 0.1; done\ngrep -qF '" + text
                                    + "' " + out
                            : "");
            script.append("\necho $? >").append(out).append(".exit\n");
            steps.add(new Step(block, command));
        }
        return this;
    }

    int commands() {
        return steps.size();
    }

    /** Fails with the first command that ended otherwise, or printed something else, than its page says. */
    void run() throws IOException, InterruptedException {
        var command = new ArrayList<>(around);
        command.addAll(List.of("bash", "-c", script.toString()));
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile());
        builder.environment().putAll(environment);
        builder.environment().put("OUT", folder.toString());
        var process = builder.start();
        boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly().waitFor();
        for (int i = 0; i < steps.size(); i++) {
            judge(steps.get(i), i, ended ? "" : "the page took more than " + SECONDS + " s; ");
        }
        assertThat(Files.readString(folder.resolve("log"))).isEmpty();
    }

    private void judge(Step step, int number, String late) throws IOException {
        var exit = folder.resolve(number + ".exit");
        var printed = Files.exists(folder.resolve(String.valueOf(number)))
                ? Files.readString(folder.resolve(String.valueOf(number)))
                : "";
        var told = step.block().where() + "\n" + step.command().text() + "\n" + late + "it printed:\n" + printed
                + Files.readString(folder.resolve("log"));
        assertThat(exit).as(told).exists();
        assertThat(Files.readString(exit).strip())
                .as(told)
                .isEqualTo(String.valueOf(step.block().how().exit()));
        if (!step.command().output().isEmpty()) {
            assertThat(Output.matches(
                            step.command().output(), printed, step.block().how().numbersDiffer()))
                    .as(told + "\nexpected:\n"
                            + String.join("\n", step.command().output()))
                    .isTrue();
        }
    }
}
