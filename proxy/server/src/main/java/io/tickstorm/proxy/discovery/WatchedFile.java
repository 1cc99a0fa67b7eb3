package io.tickstorm.proxy.discovery;

import io.tickstorm.proxy.time.Ticker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A text file whose changes are wanted, read on a virtual thread of its own.
 *
 * <p>The folder is watched, so a change is seen within milliseconds; and once a second the file's identity, time and size
 * are looked at, because some file systems report nothing, and a projected volume of Kubernetes changes by a link that
 * is swapped. The file must be replaced by a rename, else half of it may be read.
 */
public final class WatchedFile implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(WatchedFile.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final Path path;
    private final Ticker ticker;
    private final Consumer<String> onText;
    private final WatchService watch;
    private volatile long lastLook;
    private volatile boolean closed;

    // Only on the watching thread.
    private @Nullable Identity read;
    private @Nullable String complaint;

    private WatchedFile(Path path, Ticker ticker, Consumer<String> onText, WatchService watch) {
        this.path = path;
        this.ticker = ticker;
        this.onText = onText;
        this.watch = watch;
        this.lastLook = ticker.nanos();
    }

    /**
     * Hands the text over now, as soon as the file is there, and again after every change.
     *
     * @param onText called on the watching thread, which may block
     * @throws IOException if the folder of the file cannot be watched
     */
    public static WatchedFile watch(Path path, Ticker ticker, Consumer<String> onText) throws IOException {
        var absolute = path.toAbsolutePath();
        var folder = absolute.getParent();
        if (folder == null) {
            throw new IOException(path + ": a folder (expected: a file)");
        }
        var watch = folder.getFileSystem().newWatchService();
        try {
            folder.register(
                    watch,
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_MODIFY,
                    StandardWatchEventKinds.ENTRY_DELETE);
        } catch (IOException e) {
            watch.close();
            throw e;
        }
        var file = new WatchedFile(absolute, ticker, onText, watch);
        Thread.ofVirtual().name("watch " + path.getFileName()).start(file::run);
        return file;
    }

    /** How long ago the file was last known to be what was handed over. */
    public Duration lastLookAge() {
        return Duration.ofNanos(Math.max(0, ticker.nanos() - lastLook));
    }

    /** Stops; a text that is being handed over is not interrupted. */
    @Override
    public void close() {
        closed = true;
        try {
            watch.close();
        } catch (IOException e) {
            log.debug("{}: closing its watch", path, e);
        }
    }

    private void run() {
        while (!closed) {
            look();
            try {
                var key = watch.poll(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
                if (key != null) {
                    key.pollEvents();
                    key.reset();
                }
            } catch (ClosedWatchServiceException | InterruptedException e) {
                return;
            }
        }
    }

    private void look() {
        try {
            // The identity is taken first: a change in between is then seen by the next look.
            var identity = Identity.of(path);
            if (!identity.equals(read)) {
                var text = Files.readString(path, StandardCharsets.UTF_8);
                read = identity;
                onText.accept(text);
            }
            lastLook = ticker.nanos();
            complaint = null;
        } catch (NoSuchFileException e) {
            complain("not there");
        } catch (IOException e) {
            complain("cannot be read: " + e);
        } catch (RuntimeException e) {
            log.error("{}: its reader failed", path, e);
        }
    }

    /** Once per complaint, not once a second. */
    private void complain(String text) {
        if (!text.equals(complaint)) {
            complaint = text;
            log.warn("{}: {}", path, text);
        }
    }

    private record Identity(@Nullable Object key, FileTime modified, long size) {
        static Identity of(Path path) throws IOException {
            var attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return new Identity(attributes.fileKey(), attributes.lastModifiedTime(), attributes.size());
        }
    }
}
