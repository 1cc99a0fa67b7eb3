package io.tickstorm.proxy.access;

import io.tickstorm.proxy.config.AccessLogSettings;
import io.tickstorm.proxy.time.Ticker;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Keeps the last failures in memory, and writes the lines that the settings ask for. Any thread. */
public final class RecordingLog implements AccessLog, AutoCloseable {
    private final Path folder;
    private final InstantSource clock;
    private final Ticker ticker;
    private final RecentFailures recent = new RecentFailures();
    private final @Nullable Consumer<Recorded> all;
    private final LongAdder written = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private volatile Target target;

    /** @param writer null if nothing is written */
    private record Target(
            AccessLogSettings settings, @Nullable LogWriter writer) {}

    /**
     * @param folder what a relative path is relative to
     * @param all gets each entry, and so makes every request cost one; null = nobody
     */
    public RecordingLog(
            AccessLogSettings settings,
            Path folder,
            InstantSource clock,
            Ticker ticker,
            @Nullable Consumer<Recorded> all) {
        this.all = all;
        this.folder = folder;
        this.clock = clock;
        this.ticker = ticker;
        this.target = new Target(settings, writer(settings));
    }

    @Override
    public boolean wants(boolean failed) {
        return failed || all != null || target.settings().requests() == AccessLogSettings.Requests.ALL;
    }

    @Override
    public void ended(Entry entry) {
        var recorded = new Recorded(clock.instant(), entry);
        if (all != null) {
            all.accept(recorded);
        }
        boolean failed =
                Entry.failed(entry.termination(), entry.status(), entry.tries().size());
        if (failed) {
            recent.add(recorded);
        }
        var now = target;
        var writer = now.writer();
        if (writer != null && (failed || now.settings().requests() == AccessLogSettings.Requests.ALL)) {
            written.increment();
            writer.add(recorded);
        }
    }

    /** Follows other settings; what is pending is still written where it was meant for. On the control thread. */
    public void change(AccessLogSettings settings) {
        var before = target;
        if (before.settings().equals(settings)) {
            return;
        }
        boolean samePlace = before.writer() != null
                && settings.requests() != AccessLogSettings.Requests.NONE
                && before.settings().path().equals(settings.path());
        target = new Target(settings, samePlace ? before.writer() : writer(settings));
        if (!samePlace && before.writer() != null) {
            before.writer().close();
        }
    }

    public RecentFailures recent() {
        return recent;
    }

    /** Entries that a line was due for. */
    public long lines() {
        return written.sum();
    }

    /** Those of them that were lost: the disk, or whoever reads our output, was too slow or failed. */
    public long dropped() {
        return dropped.sum();
    }

    @Override
    public void close() {
        var writer = target.writer();
        if (writer != null) {
            writer.close();
        }
    }

    private @Nullable LogWriter writer(AccessLogSettings settings) {
        if (settings.requests() == AccessLogSettings.Requests.NONE) {
            return null;
        }
        return new LogWriter(settings.path().isEmpty() ? null : folder.resolve(settings.path()), dropped, ticker);
    }
}
