package io.tickstorm.proxy.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What files are at a moment. Two that differ tell that one of the files was written, replaced, or is reached by another link:
 * volumes of Kubernetes change by swapping the link {@code ..data} above all files of a Secret.
 */
record FileStamps(Map<String, Stamp> files) {
    static final FileStamps NONE = new FileStamps(Map.of());

    /** @param key of the file's inode; null if it is not there */
    private record Stamp(@Nullable Object key, @Nullable FileTime modified, long size) {
        private static final Stamp MISSING = new Stamp(null, null, -1);

        static Stamp of(String file) {
            try {
                var attributes = Files.readAttributes(Path.of(file), BasicFileAttributes.class);
                return new Stamp(attributes.fileKey(), attributes.lastModifiedTime(), attributes.size());
            } catch (IOException missing) {
                return MISSING;
            }
        }
    }

    static FileStamps of(Stream<String> files) {
        var stamps = new LinkedHashMap<String, Stamp>();
        files.forEach(file -> stamps.put(file, Stamp.of(file)));
        return new FileStamps(stamps);
    }
}
