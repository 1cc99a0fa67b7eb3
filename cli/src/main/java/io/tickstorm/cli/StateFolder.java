package io.tickstorm.cli;

import io.tickstorm.operator.local.LocalSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where a local cluster keeps its files.
 *
 * @param path exists
 * @param temporary whether it goes when the cluster does
 */
record StateFolder(Path path, boolean temporary) implements AutoCloseable {
    /** @param wanted null for a temporary one */
    static StateFolder of(@Nullable Path wanted) throws IOException {
        return wanted == null
                ? new StateFolder(Files.createTempDirectory("tickstorm-"), true)
                : new StateFolder(Files.createDirectories(wanted).toAbsolutePath(), false);
    }

    LocalSettings settings(int portOffset, Consumer<String> events) {
        return new LocalSettings(OwnProcess::of, path, portOffset, events);
    }

    /** Deletes it if it is temporary; may be called again. */
    @Override
    public void close() throws IOException {
        if (!temporary || !Files.exists(path)) {
            return;
        }
        try (var files = Files.walk(path)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
