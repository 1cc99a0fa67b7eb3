package io.tickstorm.proxy.admin;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Tells all open pages, twice a second, how things are. What they are told is worked out once for all of them, off the event loops; while
 * none is open, nothing is. A page that does not keep up misses some and, in the end, its connection. Thread-safe.
 */
final class Live {
    static final Duration TICK = Duration.ofMillis(500);

    /** A browser opens six connections to one place; so some teams' worth of browsers. */
    static final int MOST_PAGES = 16;

    /** Ticks that a page may miss in a row: half a minute. */
    private static final int PATIENCE = 60;

    /** Someone who looks. */
    interface Page {
        /** Whether it has yet to take what it was sent. */
        boolean full();

        void send(Buffer event);

        void close();
    }

    /** What a page has been told. */
    private static final class Told {
        private static final long NEVER = Long.MIN_VALUE;

        private long version = NEVER;
        private long samples = NEVER;
        private int missed;
    }

    private final Sources sources;
    private final Supplier<JsonObject> state;

    // Guarded by this.
    private final Map<Page, Told> pages = new HashMap<>();
    private boolean ticking;

    /** @param state asked on the reader */
    Live(Sources sources, Supplier<JsonObject> state) {
        this.sources = sources;
        this.state = state;
    }

    /** @return false if as many look as may */
    synchronized boolean add(Page page) {
        if (pages.size() >= MOST_PAGES) {
            return false;
        }
        pages.put(page, new Told());
        if (!ticking) {
            ticking = true;
            sources.reader().execute(this::tick);
        }
        return true;
    }

    synchronized void remove(Page page) {
        pages.remove(page);
    }

    synchronized int pages() {
        return pages.size();
    }

    /** A bug in one look must not be the last one. */
    private void tick() {
        try {
            tell();
        } finally {
            again();
        }
    }

    private void tell() {
        var now = LiveEvents.of("state", state.get());
        var version = sources.timeline().version();
        var samples = sources.history().samples();
        // Worked out when the first page wants it.
        var shared = new HashMap<String, Buffer>();
        open().forEach((page, told) -> {
            if (page.full()) {
                missed(page, told);
                return;
            }
            told.missed = 0;
            page.send(now);
            if (told.version != version) {
                told.version = version;
                page.send(shared.computeIfAbsent(
                        "timeline", name -> LiveEvents.of(name, LiveEvents.timeline(sources.timeline()))));
            }
            if (told.samples != samples) {
                var name = told.samples == samples - 1 ? "sample" : "history";
                var most = name.equals("sample") ? 1 : Integer.MAX_VALUE;
                told.samples = samples;
                page.send(shared.computeIfAbsent(
                        name, one -> LiveEvents.of(one, LiveEvents.samples(sources.history(), most))));
            }
        });
    }

    private synchronized Map<Page, Told> open() {
        return Map.copyOf(pages);
    }

    private void missed(Page page, Told told) {
        if (++told.missed > PATIENCE) {
            page.close();
            remove(page);
        }
    }

    private synchronized void again() {
        if (pages.isEmpty()) {
            ticking = false;
            return;
        }
        var ignored = sources.timers().after(TICK, () -> sources.reader().execute(this::tick));
    }

    /** Ends all of them. */
    void close() {
        List<Page> open;
        synchronized (this) {
            open = List.copyOf(pages.keySet());
            pages.clear();
        }
        open.forEach(Page::close);
    }
}
