package io.tickstorm.proxy;

import io.tickstorm.proxy.backend.BackendEvent;
import io.tickstorm.proxy.backend.Mode;
import io.tickstorm.proxy.history.Kind;
import io.tickstorm.proxy.history.Timeline;
import java.util.Locale;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Puts each change of standing of a backend's upstreams into the time line, in the words of the log; never on an event loop. */
final class BackendNews implements Consumer<BackendEvent> {
    private final String backend;
    private final Timeline timeline;
    private final Executor writer;

    BackendNews(String backend, Timeline timeline, Executor writer) {
        this.backend = backend;
        this.timeline = timeline;
        this.writer = writer;
    }

    @Override
    public void accept(BackendEvent event) {
        writer.execute(() -> timeline.add(kind(event), backend, words(event)));
    }

    private static String words(BackendEvent event) {
        return event instanceof BackendEvent.ModeChanged(var before, var after)
                ? "mode " + after.name().toLowerCase(Locale.ROOT) + ", before "
                        + before.name().toLowerCase(Locale.ROOT)
                : BackendLog.words(event);
    }

    private static Kind kind(BackendEvent event) {
        return switch (event) {
            case BackendEvent.CheckFailed failed -> Kind.CHECK_FAILED;
            case BackendEvent.CheckPassed passed -> Kind.CHECK_PASSED;
            case BackendEvent.CircuitOpened opened -> Kind.CIRCUIT_OPENED;
            case BackendEvent.CircuitClosed closed -> Kind.CIRCUIT_CLOSED;
            case BackendEvent.Ejected ejected -> Kind.EJECTED;
            case BackendEvent.Returned returned -> Kind.RETURNED;
            case BackendEvent.Unreachable unreachable -> Kind.UNREACHABLE;
            case BackendEvent.ModeChanged changed -> changed.after() == Mode.PANIC ? Kind.PANIC : Kind.MODE;
        };
    }
}
