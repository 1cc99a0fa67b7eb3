package io.tickstorm.proxy.access;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where lines go: standard output, or a file that others may rename or remove at any time, whereupon it is begun anew. For
 * one thread.
 */
final class Lines {
    private static final int BUFFER = 64 * 1024;

    private final @Nullable Path path;
    private @Nullable OutputStream out;
    private @Nullable Object key;

    /** @param path null = standard output */
    Lines(@Nullable Path path) {
        this.path = path;
    }

    void write(String line) throws IOException {
        var target = out;
        if (target == null) {
            target = open();
            out = target;
        }
        target.write(line.getBytes(StandardCharsets.UTF_8));
        target.write('\n');
    }

    void flush() throws IOException {
        if (out != null) {
            out.flush();
        }
    }

    /** Whether the path is not this file any more; looks at the disk. */
    boolean moved() throws IOException {
        if (path == null || out == null) {
            return false;
        }
        try {
            return !Objects.equals(key, keyOf(path));
        } catch (NoSuchFileException gone) {
            return true;
        }
    }

    /** What was not flushed is lost. The next line opens it again. */
    void close() {
        var target = out;
        out = null;
        if (target != null && path != null) {
            try {
                target.close();
            } catch (IOException nothingLeftToSave) {
                // Whoever wrote has been told before.
            }
        }
    }

    private OutputStream open() throws IOException {
        if (path == null) {
            return new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER);
        }
        var opened = Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        key = keyOf(path);
        return new BufferedOutputStream(opened, BUFFER);
    }

    private static @Nullable Object keyOf(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }
}
