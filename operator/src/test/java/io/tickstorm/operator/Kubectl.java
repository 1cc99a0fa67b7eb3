package io.tickstorm.operator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The kubectl that came with the API server. */
public final class Kubectl {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Kubectl() {}

    /**
     * How a command ended.
     *
     * @param code 0 = well
     * @param output on whichever stream
     */
    public record Result(int code, String output) {}

    /** Runs a command to its end. */
    public static Result run(String... words) {
        var command = new ArrayList<>(List.of(program().toString()));
        command.addAll(List.of(words));
        try {
            var output = Files.createTempFile("kubectl-", ".out");
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(command + ": no end within " + PATIENCE);
            }
            var said = Files.readString(output);
            Files.delete(output);
            return new Result(process.exitValue(), said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Path program() {
        try (var files = Files.walk(Path.of(System.getenv("KUBE_API_TEST_DIR"), "k8s"))) {
            return files.filter(file -> file.endsWith("kubectl"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("no kubectl under KUBE_API_TEST_DIR"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
