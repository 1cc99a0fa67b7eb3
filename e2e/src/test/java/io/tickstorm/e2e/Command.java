package io.tickstorm.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs the command-line tools that a user runs (helm, kubectl, docker) and fails with what they printed. */
record Command(Map<String, String> environment) {
    /** The standard output and error of the command, together. Throws an {@link AssertionError} when it exits non-zero. */
    String run(String... words) {
        var builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().putAll(environment);
        try {
            var process = builder.start();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            var code = process.waitFor();
            if (code != 0) {
                throw new AssertionError("%s exited %d:%n%s".formatted(String.join(" ", words), code, output));
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(String.join(" ", words), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Whether the command is there and exits with 0. */
    boolean succeeds(String... words) {
        try {
            run(words);
            return true;
        } catch (AssertionError | UncheckedIOException no) {
            return false;
        }
    }

    /** As {@link #run(String...)}, with more words after the first. */
    String run(String[] words, String... more) {
        var all = new ArrayList<>(List.of(words));
        all.addAll(List.of(more));
        return run(all.toArray(String[]::new));
    }
}
