package io.tickstorm.proxy.history;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * What has happened, the last {@value #MOST} of it. What happens again within a minute is counted, not repeated: an endpoint that is
 * gone is found unreachable every second. Any thread but an event loop, for it locks.
 */
public final class Timeline {
    public static final int MOST = 200;

    /** Error texts of others may be long. */
    private static final int LONGEST = 300;

    private static final Duration AGAIN = Duration.ofMinutes(1);

    private final InstantSource clock;
    /** The latest first. */
    private final List<Event> events = new ArrayList<>();

    private long version;
    private long number;

    public Timeline(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Something has happened.
     *
     * @param backend empty = it concerns the proxy
     */
    public synchronized void add(Kind kind, String backend, String text) {
        var now = clock.instant();
        var cut = text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
        version++;
        for (int i = 0; i < events.size(); i++) {
            var event = events.get(i);
            if (event.says(kind, backend, cut) && recent(event, now)) {
                events.set(i, event.again(now));
                return;
            }
        }
        if (events.size() == MOST) {
            events.removeLast();
        }
        events.addFirst(new Event(++number, now, now, 1, kind, backend, cut));
    }

    private static boolean recent(Event event, Instant now) {
        return !event.last().isBefore(now.minus(AGAIN));
    }

    /** Grows with each change. */
    public synchronized long version() {
        return version;
    }

    /** The latest first. */
    public synchronized List<Event> events() {
        return List.copyOf(events);
    }
}
