package io.tickstorm.process;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The orderly end of a process: SIGTERM or SIGINT runs the drain once, then the process exits.
 *
 * <p>Exit codes: 0 drained; 1 the drain failed or outlasted its limit; 130 a SIGINT came while draining (someone presses
 * Ctrl-C again and does not want to wait). A further SIGTERM changes nothing.
 *
 * <p>Signal handlers rather than a shutdown hook: a hook also runs for {@code System.exit(1)}, would then answer a failure
 * with a drain, and cannot see a second signal.
 */
public final class Termination {
    private static final Logger log = LoggerFactory.getLogger(Termination.class);

    static final int DRAINED = 0;
    static final int NOT_DRAINED = 1;
    /** What a shell reports for a process that SIGINT (2) ended: 128 + 2. */
    static final int INTERRUPTED = 130;
    /** The same for SIGTERM (15). */
    static final int TERMINATED = 143;

    private final Supplier<Future<Void>> drain;
    private final Supplier<Duration> limit;
    private final Supplier<String> left;
    private final AtomicBoolean draining = new AtomicBoolean();

    private Termination(Supplier<Future<Void>> drain, Supplier<Duration> limit, Supplier<String> left) {
        this.drain = drain;
        this.limit = limit;
        this.left = left;
    }

    /** As {@link #on(Supplier, Duration, Supplier)}, for a process that cannot say what is left. */
    public static void on(Supplier<Future<Void>> drain, Duration limit) {
        on(drain, limit, () -> "unknown");
    }

    /**
     * Takes over SIGTERM and SIGINT of this process; call once.
     *
     * @param drain started on a thread of its own when the first signal comes; its completion ends the process
     * @param limit how long the drain may take, above zero
     * @param left what still ran when the limit was over, for the log
     */
    public static void on(Supplier<Future<Void>> drain, Duration limit, Supplier<String> left) {
        if (!limit.isPositive()) {
            throw new IllegalArgumentException("limit: " + limit + " (expected: above zero)");
        }
        on(drain, () -> limit, left);
    }

    /**
     * As {@link #on(Supplier, Duration, Supplier)}, with a limit that may change until the first signal comes.
     *
     * @param limit above zero
     */
    public static void on(Supplier<Future<Void>> drain, Supplier<Duration> limit, Supplier<String> left) {
        var termination = new Termination(drain, limit, left);
        Signals.handle("TERM", () -> termination.received("SIGTERM", false));
        Signals.handle("INT", () -> termination.received("SIGINT", true));
    }

    /** Ends this process at once on SIGTERM and SIGINT, as a careless server does; exit codes 143 and 130. */
    public static void atOnce() {
        Signals.handle("TERM", () -> Runtime.getRuntime().halt(TERMINATED));
        Signals.handle("INT", () -> Runtime.getRuntime().halt(INTERRUPTED));
    }

    private void received(String signal, boolean impatient) {
        if (draining.compareAndSet(false, true)) {
            var time = limit.get();
            log.info("{} received: draining for at most {} s", signal, time.toSeconds());
            Runtime.getRuntime().halt(drained(time));
        } else if (impatient) {
            log.warn("{} received while draining: ending at once, left: {}", signal, left.get());
            Runtime.getRuntime().halt(INTERRUPTED);
        }
    }

    private int drained(Duration time) {
        var start = System.nanoTime();
        try {
            var ended = new CountDownLatch(1);
            var drained = drain.get().onComplete(result -> ended.countDown());
            if (!ended.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
                log.error("not drained after {} s, left: {}", time.toSeconds(), left.get());
                return NOT_DRAINED;
            }
            if (drained.failed()) {
                log.error("drain failed", drained.cause());
                return NOT_DRAINED;
            }
        } catch (InterruptedException | RuntimeException e) {
            log.error("drain failed", e);
            return NOT_DRAINED;
        }
        log.info("drained in {} ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
        return DRAINED;
    }
}
