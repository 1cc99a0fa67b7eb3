package io.tickstorm.proxy;

import io.tickstorm.proxy.config.ConfigResult;
import io.tickstorm.proxy.config.ProxyConfig;
import io.tickstorm.proxy.discovery.WatchedFile;
import io.tickstorm.proxy.time.Ticker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From the old configuration to the new, when the file changes. A file that is wrong changes nothing, and every problem of
 * it is reported. Nothing that runs is dropped, whatever changes.
 */
final class Reload implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Reload.class);

    private final String source;
    private final Function<ProxyConfig, CompletionStage<List<String>>> change;
    private final WatchedFile file;

    // Only on the watching thread.
    private ProxyConfig current;

    private Reload(
            Path path, ProxyConfig current, Ticker ticker, Function<ProxyConfig, CompletionStage<List<String>>> change)
            throws IOException {
        this.source = path.toString();
        this.current = current;
        this.change = change;
        this.file = WatchedFile.watch(path, ticker, this::read);
    }

    /**
     * Watches from now on.
     *
     * @param current what was read from the file at the start
     * @param change takes over a configuration, and tells what it could not
     * @throws IOException if the folder cannot be watched
     */
    static Reload watch(
            Path path, ProxyConfig current, Ticker ticker, Function<ProxyConfig, CompletionStage<List<String>>> change)
            throws IOException {
        return new Reload(path, current, ticker, change);
    }

    @Override
    public void close() {
        file.close();
    }

    private void read(String text) {
        switch (ProxyConfig.read(text, source)) {
            case ConfigResult.Invalid invalid -> {
                invalid.messages().forEach(log::error);
                log.error("{}: not taken over, the configuration stays as it was", source);
            }
            case ConfigResult.Valid(var config) -> {
                if (!config.equals(current)) {
                    take(config);
                }
            }
        }
    }

    /** Waits until the change is through, so that changes never overlap. */
    private void take(ProxyConfig config) {
        var problems = change.apply(config).toCompletableFuture().join();
        current = config;
        problems.forEach(problem -> log.error("{}: {}", source, problem));
        log.info("{}: taken over{}", source, problems.isEmpty() ? "" : ", but for " + problems.size() + " problems");
    }
}
