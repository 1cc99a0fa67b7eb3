package io.tickstorm.proxy;

import io.tickstorm.process.Termination;
import io.tickstorm.proxy.config.ConfigResult;
import io.tickstorm.proxy.config.ProxyConfig;
import io.tickstorm.proxy.time.Ticker;
import io.tickstorm.proxy.transport.EpollLoops;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The process {@code proxy}. */
public final class Main {
    private static final Logger log = LoggerFactory.getLogger(Main.class);
    private static final String USAGE = "usage: proxy --config FILE";

    private static final int NOT_STARTED = 1;
    private static final int NOT_UNDERSTOOD = 2;

    /** What closing takes beyond the drain itself before we give up on it. */
    private static final Duration CLOSING = Duration.ofSeconds(3);

    /** Traffic never uses them; a scrape does. */
    private static final int BLOCKING_THREADS = 2;

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    /**
     * Runs a proxy until a signal ends the process.
     *
     * @param arguments {@code --config FILE}
     * @return only if there is nothing to run: 0 after {@code --help}, 1 if a port could not be bound, 2 if the arguments or
     *     the configuration are wrong; the reasons, all of them, are on standard error
     */
    public static int run(String[] arguments) {
        if (arguments.length == 1 && arguments[0].matches("-h|--help")) {
            System.out.println(USAGE);
            return 0;
        }
        if (arguments.length != 2 || !arguments[0].equals("--config")) {
            System.err.println("arguments: " + String.join(" ", arguments) + " (expected: --config FILE)");
            System.err.println(USAGE);
            return NOT_UNDERSTOOD;
        }
        var path = Path.of(arguments[1]);
        try {
            return switch (ProxyConfig.read(Files.readString(path), path.toString())) {
                case ConfigResult.Invalid invalid -> {
                    invalid.messages().forEach(System.err::println);
                    yield NOT_UNDERSTOOD;
                }
                case ConfigResult.Valid(var config) -> serve(path, config, Environment.of(System.getenv()));
            };
        } catch (IOException e) {
            System.err.println(path + ": cannot be read: " + e);
            return NOT_UNDERSTOOD;
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            return NOT_UNDERSTOOD;
        }
    }

    private static int serve(Path path, ProxyConfig config, Environment environment) {
        var processors = Runtime.getRuntime().availableProcessors();
        var options = new VertxOptions()
                .setEventLoopPoolSize(config.workers() == 0 ? processors : config.workers())
                .setWorkerPoolSize(BLOCKING_THREADS)
                .setInternalBlockingPoolSize(BLOCKING_THREADS);
        var vertx = Vertx.builder()
                .with(options)
                .withTransport(EpollLoops.transport())
                .build();
        try {
            var folder = path.toAbsolutePath().getParent();
            var proxy = Proxy.start(vertx, config, folder == null ? Path.of("") : folder, environment)
                    .await();
            Termination.on(proxy::drain, () -> proxy.drainLimit().plus(CLOSING), proxy::left);
            log.info(
                    "ready: {}, health {}, admin {}, metrics {}",
                    new TreeMap<>(proxy.ports()),
                    proxy.healthPort(),
                    proxy.adminPort(),
                    proxy.metricsPort());
            var reload = Reload.watch(path, config, Ticker.system(), proxy);
            // Termination ends the process; only a stray interrupt comes past this line.
            new CountDownLatch(1).await();
            reload.close();
        } catch (InterruptedException e) {
            log.info("interrupted");
        } catch (IOException | RuntimeException e) {
            System.err.println(e.getMessage());
            log.debug("not started", e);
        }
        vertx.close().await();
        return NOT_STARTED;
    }
}
