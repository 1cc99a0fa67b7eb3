package io.tickstorm.backend;

import io.tickstorm.backend.stream.Credentials;
import io.tickstorm.process.InstanceId;
import io.tickstorm.process.Termination;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The process {@code backend}. */
public final class Main {
    private static final Logger log = LoggerFactory.getLogger(Main.class);

    /** What closing takes beyond the drain itself before we give up on it. */
    private static final Duration CLOSING = Duration.ofSeconds(2);

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    /**
     * Runs a backend until a signal ends the process.
     *
     * @return only if there is nothing to run: 0 after {@code --help}, 1 if a port could not be bound, 2 if the arguments or
     *     the environment are wrong; the reasons are on standard error
     */
    public static int run(String[] arguments) {
        var processors = Runtime.getRuntime().availableProcessors();
        return switch (SettingsReader.read(arguments, System.getenv(), InstanceId.current(), processors)) {
            case SettingsReader.Outcome.Help() -> {
                System.out.print(SettingsReader.HELP);
                yield 0;
            }
            case SettingsReader.Outcome.Invalid(List<String> problems) -> {
                problems.forEach(System.err::println);
                yield 2;
            }
            case SettingsReader.Outcome.Valid(Settings settings) -> serve(settings);
        };
    }

    private static int serve(Settings settings) {
        if (settings.credentials() instanceof Credentials.Any) {
            log.warn("STREAM_USER and STREAM_PASS are not set: every user with a password may subscribe");
        }
        var vertx =
                Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(settings.loops()));
        try {
            var backend = Backend.start(vertx, settings).await();
            if (settings.rude()) {
                Termination.atOnce();
            } else {
                var limit = settings.drainDelay().plus(settings.drainTimeout()).plus(CLOSING);
                Termination.on(backend::drain, limit, backend::left);
            }
            announce(backend, settings);
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            log.info("interrupted");
        } catch (IOException | RuntimeException e) {
            log.error("backend did not start: {}", e.getMessage());
            log.debug("not started", e);
        }
        vertx.close().await();
        return 1;
    }

    private static void announce(Backend backend, Settings settings) throws IOException {
        var ports = backend.ports();
        log.info(
                "{} listens on {}: http {}, tcp {}, health {}, metrics {}",
                settings.instanceId(),
                settings.address(),
                ports.http(),
                ports.tcp(),
                ports.health(),
                ports.metrics());
        if (settings.portsFile() != null) {
            ports.write(
                    settings.portsFile(),
                    settings.instanceId(),
                    ProcessHandle.current().pid());
        }
    }
}
