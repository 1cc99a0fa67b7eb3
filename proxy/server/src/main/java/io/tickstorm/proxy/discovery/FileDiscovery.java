package io.tickstorm.proxy.discovery;

import io.tickstorm.proxy.endpoint.EndpointSet;
import io.tickstorm.proxy.time.Ticker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The endpoints of a file that is watched. A file that is gone or wrong changes nothing; it is reported once. */
public final class FileDiscovery implements Discovery {
    private static final Logger log = LoggerFactory.getLogger(FileDiscovery.class);

    private final Path path;
    private final @Nullable String port;
    private final Ticker ticker;
    private volatile @Nullable WatchedFile file;
    private volatile boolean synced;

    // Only on the watching thread.
    private @Nullable EndpointSet last;

    /** @param port the name of the port that the backend uses; null if each endpoint has just one */
    public FileDiscovery(Path path, @Nullable String port, Ticker ticker) {
        this.path = path;
        this.port = port;
        this.ticker = ticker;
    }

    /** @throws UncheckedIOException if the folder of the file cannot be watched */
    @Override
    public void start(Consumer<EndpointSet> sink) {
        try {
            file = WatchedFile.watch(path, ticker, text -> take(text, sink));
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": cannot be watched", e);
        }
    }

    @Override
    public DiscoveryStatus status() {
        var watched = file;
        return new DiscoveryStatus(synced, watched == null ? Duration.ZERO : watched.lastLookAge(), "file " + path);
    }

    @Override
    public void close() {
        var watched = file;
        if (watched != null) {
            watched.close();
        }
    }

    private void take(String text, Consumer<EndpointSet> sink) {
        switch (EndpointsFile.read(text, port, path.toString())) {
            case EndpointsFile.Read.Good(var endpoints) -> {
                if (!endpoints.equals(last)) {
                    last = endpoints;
                    sink.accept(endpoints);
                }
                synced = true;
            }
            case EndpointsFile.Read.Bad(var problems) ->
                problems.forEach(problem -> log.warn("{} (the last good endpoints stay)", problem));
        }
    }
}
