package io.tickstorm.proxy;

import io.tickstorm.proxy.backend.BackendEvent;
import io.tickstorm.proxy.backend.BackendEvent.CheckFailed;
import io.tickstorm.proxy.backend.BackendEvent.CheckPassed;
import io.tickstorm.proxy.backend.BackendEvent.CircuitClosed;
import io.tickstorm.proxy.backend.BackendEvent.CircuitOpened;
import io.tickstorm.proxy.backend.BackendEvent.Ejected;
import io.tickstorm.proxy.backend.BackendEvent.ModeChanged;
import io.tickstorm.proxy.backend.BackendEvent.Returned;
import io.tickstorm.proxy.backend.BackendEvent.Unreachable;
import io.tickstorm.proxy.backend.Mode;
import io.tickstorm.proxy.settings.Durations;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Logs each change of standing of a backend's upstreams once, with what caused it; never on an event loop. */
final class BackendLog implements Consumer<BackendEvent> {
    private static final Logger log = LoggerFactory.getLogger(BackendLog.class);

    private final String backend;
    private final Executor writer;

    /** @param writer where lines are written, in their order; it may block */
    BackendLog(String backend, Executor writer) {
        this.backend = backend;
        this.writer = writer;
    }

    @Override
    public void accept(BackendEvent event) {
        writer.execute(() -> log.atLevel(level(event)).log("{}: {}", backend, words(event)));
    }

    static Level level(BackendEvent event) {
        return switch (event) {
            // Once a second for as long as a pod that is gone has not been taken out by discovery.
            case Unreachable unreachable -> Level.DEBUG;
            case ModeChanged changed -> changed.after() == Mode.PANIC ? Level.WARN : Level.INFO;
            case CheckFailed failed -> Level.INFO;
            case CheckPassed passed -> Level.INFO;
            case CircuitOpened opened -> Level.INFO;
            case CircuitClosed closed -> Level.INFO;
            case Ejected ejected -> Level.INFO;
            case Returned returned -> Level.INFO;
        };
    }

    static String words(BackendEvent event) {
        return switch (event) {
            case CheckFailed(var upstream, var reason) -> upstream + " is out: " + reason;
            case CheckPassed(var upstream) -> upstream + " is back: it passes its check";
            case CircuitOpened(var upstream, var kind, var time) ->
                upstream + " is out for " + time(time) + ": too many failures in a row, the last one " + kind;
            case CircuitClosed(var upstream) -> upstream + " is back: a request succeeded";
            case Ejected(var upstream, var detail, var time) ->
                upstream + " is ejected for " + time(time) + ": " + detail;
            case Returned(var upstream) -> upstream + " is back from its ejection: a request succeeded";
            case Unreachable(var upstream, var kind) -> upstream + " cannot be reached: " + kind;
            case ModeChanged(var before, var after) -> "mode " + before + " -> " + after;
        };
    }

    /** Jitter makes times of many digits. */
    private static String time(Duration time) {
        return Durations.format(Duration.ofMillis(time.toMillis()));
    }
}
