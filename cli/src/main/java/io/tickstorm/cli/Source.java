package io.tickstorm.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a command reads a text from.
 *
 * @param word a file, or {@code -} for standard input
 */
record Source(String word) {
    static final String STANDARD_INPUT = "-";

    String text() throws IOException {
        return standardInput()
                ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
                : Files.readString(Path.of(word));
    }

    /** As messages call it. */
    String name() {
        return standardInput() ? "standard input" : word;
    }

    /** What names of files in the text are relative to; null where that cannot be said. */
    @Nullable
    Path folder() {
        return standardInput() ? null : Path.of(word).toAbsolutePath().getParent();
    }

    private boolean standardInput() {
        return word.equals(STANDARD_INPUT);
    }
}
