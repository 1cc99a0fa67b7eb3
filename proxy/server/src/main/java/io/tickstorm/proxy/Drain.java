package io.tickstorm.proxy;

import io.tickstorm.proxy.admission.DrainSettings;
import io.tickstorm.proxy.settings.Durations;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The orderly end. The ports stay open for a while, because whoever sends to us (kube-proxy on every node, balancers in
 * front) learns of our end later than we do, and readiness stays good meanwhile, because a terminating pod that is ready
 * is still used where there is no other.
 */
final class Drain {
    private static final Logger log = LoggerFactory.getLogger(Drain.class);

    /** Resetting a connection takes microseconds; this is for a machine that is busy. */
    private static final Duration ABORT = Duration.ofSeconds(1);

    /** So that a log of a thousand sessions does not hide the line that matters. */
    private static final int LOGGED = 20;

    private final Listeners listeners;
    private final ControlThread control;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    Drain(Listeners listeners, ControlThread control) {
        this.listeners = listeners;
        this.control = control;
    }

    boolean begun() {
        return begun.get();
    }

    /** Begins, the first time; completes when nothing runs any more. */
    CompletionStage<Void> begin(DrainSettings settings) {
        if (begun.compareAndSet(false, true)) {
            log.info("draining: {} connections, accepting for {}", listeners.connections(), shown(settings.delay()));
            control.execute(listeners::announceClose);
            var ignored = control.after(settings.delay(), () -> stop(settings));
        }
        return done;
    }

    private void stop(DrainSettings settings) {
        log.info("not accepting any more, {} connections have {}", listeners.connections(), shown(settings.timeout()));
        var late = control.after(settings.timeout(), this::abort);
        listeners.close().thenRun(() -> {
            late.cancel();
            done.complete(null);
        });
        listeners.part(settings.timeout());
    }

    private void abort() {
        var left = listeners.describe();
        log.warn("{} left after the drain timeout, cut off:", left.size());
        left.stream().limit(LOGGED).forEach(line -> log.warn("  {}", line));
        listeners.abort();
        var ignored = control.after(ABORT, () -> done.complete(null));
    }

    private static String shown(Duration duration) {
        return Durations.format(duration);
    }
}
