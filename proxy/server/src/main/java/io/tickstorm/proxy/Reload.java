package io.tickstorm.proxy;

import io.tickstorm.proxy.config.ConfigHash;
import io.tickstorm.proxy.config.ConfigResult;
import io.tickstorm.proxy.config.ProxyConfig;
import io.tickstorm.proxy.discovery.WatchedFile;
import io.tickstorm.proxy.time.Ticker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From the old configuration to the new, when the file changes. A file that is wrong changes nothing, and every problem of
 * it is reported. Nothing that runs is dropped, whatever changes.
 */
final class Reload implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Reload.class);

    /** What follows the file. */
    interface Target {
        /** Takes over a configuration, and tells what it could not, one line each. */
        CompletionStage<List<String>> change(ProxyConfig changed);

        /** Hears {@link ConfigHash} of the text by which it runs from now on. */
        void taken(String hash);

        /** Hears what is wrong with the file, one line for each problem, while nothing changes; nothing once it is right. */
        void refused(List<String> messages);
    }

    private final String source;
    private final Target target;
    private final WatchedFile file;

    // Only on the watching thread.
    private ProxyConfig current;

    private Reload(Path path, ProxyConfig current, Ticker ticker, Target target) throws IOException {
        this.source = path.toString();
        this.current = current;
        this.target = target;
        this.file = WatchedFile.watch(path, ticker, this::read);
    }

    /**
     * Watches from now on.
     *
     * @param current what was read from the file at the start
     * @throws IOException if the folder cannot be watched
     */
    static Reload watch(Path path, ProxyConfig current, Ticker ticker, Target target) throws IOException {
        return new Reload(path, current, ticker, target);
    }

    @Override
    public void close() {
        file.close();
    }

    private void read(String text) {
        switch (ProxyConfig.read(text, source)) {
            case ConfigResult.Invalid invalid -> {
                invalid.messages().forEach(log::error);
                target.refused(invalid.messages());
                log.error("{}: not taken over, the configuration stays as it was", source);
            }
            case ConfigResult.Valid(var config) -> {
                target.refused(List.of());
                if (!config.equals(current)) {
                    take(config);
                }
                target.taken(ConfigHash.of(text));
            }
        }
    }

    /** Waits until the change is through, so that changes never overlap. */
    private void take(ProxyConfig config) {
        var problems = target.change(config).toCompletableFuture().join();
        current = config;
        problems.forEach(problem -> log.error("{}: {}", source, problem));
        log.info("{}: taken over{}", source, problems.isEmpty() ? "" : ", but for " + problems.size() + " problems");
    }
}
