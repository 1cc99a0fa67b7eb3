import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Copies jars into a folder with the same entries in the same order, but not compressed. The layer that holds them is compressed as a whole, which finds what jars have
 * in common: a quarter less to pull (22 MB for 30 MB of the operator's libraries). And nothing is inflated at start.
 *
 * <p>Arguments: the folder, then jars.
 */
class Repack {
    public static void main(String[] args) throws IOException {
        for (int i = 1; i < args.length; i++) {
            var jar = Path.of(args[i]);
            copy(jar, Path.of(args[0]).resolve(jar.getFileName()));
        }
    }

    private static void copy(Path jar, Path stored) throws IOException {
        try (var in = new ZipFile(jar.toFile());
                var out = new ZipOutputStream(Files.newOutputStream(stored))) {
            for (var entry : in.stream().toList()) {
                var bytes = in.getInputStream(entry).readAllBytes();
                var crc = new CRC32();
                crc.update(bytes);
                var copy = new ZipEntry(entry.getName());
                copy.setMethod(ZipEntry.STORED);
                copy.setSize(bytes.length);
                copy.setCrc(crc.getValue());
                copy.setTimeLocal(entry.getTimeLocal());
                out.putNextEntry(copy);
                out.write(bytes);
                out.closeEntry();
            }
        }
    }
}
