package io.tickstorm.proxy.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs a target under Jazzer: first on the corpus, then on so many inputs made from it. Jazzer instruments classes as they are
 * loaded, and ends its process at the first failure: hence a process for each target.
 *
 * <p>{@code -Dfuzz.runs} says how many inputs, {@code -Dfuzz.corpus=grow} adds those that reach new code to the corpus: {@code make
 * fuzz} does both. The seed is pinned, so that a run says the same each time.
 */
class FuzzTest {
    private static final String RUNS = System.getProperty("fuzz.runs", "1000");
    private static final boolean GROW = "grow".equals(System.getProperty("fuzz.corpus"));
    private static final Path CORPUS = Path.of("src", "test", "corpus");
    private static final Path WORK = Path.of("target", "fuzz");

    @ParameterizedTest
    @ValueSource(classes = {RequestTarget.class, ResponseTarget.class})
    void holdsForAllInputs(Class<?> target) throws Exception {
        var name = target.getSimpleName();
        var found = Files.createDirectories(GROW ? CORPUS.resolve(name) : WORK.resolve(name));
        var log = WORK.resolve(name + ".log");
        Files.createDirectories(WORK);

        int exit = run(command(target, found), log);

        assertThat(exit)
                .as("exit status of Jazzer, which said: %s", failure(log))
                .isZero();
        // Without instrumentation it would try inputs blindly, and say no more than this.
        assertThat(log).content().contains(" cov: ").doesNotContain("no interesting inputs were found");
    }

    private static List<String> command(Class<?> target, Path found) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(System.getProperty("fuzz.jvm").split(" ")));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "com.code_intelligence.jazzer.Jazzer"));
        command.add("--target_class=" + target.getName());
        command.add("--instrumentation_includes=io.tickstorm.proxy.http1.**");
        // Jazzer's detectors of injections would instrument Netty, which then fails to start
        command.add("--custom_hook_includes=io.tickstorm.proxy.http1.**");
        command.add("--reproducer_path=" + WORK);
        command.add("-artifact_prefix=" + WORK + "/");
        command.add("-dict=" + CORPUS.resolve("http1.dict"));
        command.addAll(List.of("-seed=1", "-max_len=1024", "-timeout=20", "-runs=" + RUNS));
        command.add(found.toString());
        command.add(CORPUS.resolve(target.getSimpleName()).toString());
        return command;
    }

    private static int run(List<String> command, Path log) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            return process.waitFor();
        } finally {
            process.destroyForcibly();
        }
    }

    private static String failure(Path log) throws IOException {
        var lines = Files.readString(log, StandardCharsets.ISO_8859_1);
        int from = lines.indexOf("== Java Exception");
        return from < 0 ? lines.substring(Math.max(0, lines.length() - 2000)) : lines.substring(from);
    }
}
