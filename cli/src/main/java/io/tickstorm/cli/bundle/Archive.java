package io.tickstorm.cli.bundle;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;

/** Files as a {@code tar.gz}. */
public final class Archive {
    private Archive() {}

    /** @param folder that holds them all */
    public static void write(OutputStream out, String folder, Map<String, String> files, Instant at)
            throws IOException {
        try (var tar = new TarArchiveOutputStream(new GzipCompressorOutputStream(out), StandardCharsets.UTF_8.name())) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            for (var file : files.entrySet()) {
                var bytes = file.getValue().getBytes(StandardCharsets.UTF_8);
                var entry = new TarArchiveEntry(folder + "/" + file.getKey());
                entry.setSize(bytes.length);
                entry.setModTime(at.toEpochMilli());
                tar.putArchiveEntry(entry);
                tar.write(bytes);
                tar.closeArchiveEntry();
            }
        }
    }
}
