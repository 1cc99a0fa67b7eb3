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

    /** A node that goes takes many endpoints along: the first few of a kind are told, the others counted. */
    private static final int MANY = 6;

    private static final Duration AT_ONCE = Duration.ofSeconds(5);
    private static final String MORE = "and others of this backend";

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
        if (!repeated(kind, backend, cut, now) && !(many(kind, backend, now) && repeated(kind, backend, MORE, now))) {
            put(kind, backend, many(kind, backend, now) ? MORE : cut, now);
        }
    }

    private void put(Kind kind, String backend, String text, Instant now) {
        if (events.size() == MOST) {
            events.removeLast();
        }
        events.addFirst(new Event(++number, now, now, 1, kind, backend, text));
    }

    /** Counts it, if it happened already. */
    private boolean repeated(Kind kind, String backend, String text, Instant now) {
        for (int i = 0; i < events.size(); i++) {
            var event = events.get(i);
            if (event.says(kind, backend, text) && within(AGAIN, event, now)) {
                events.set(i, event.again(now));
                return true;
            }
        }
        return false;
    }

    private boolean many(Kind kind, String backend, Instant now) {
        return events.stream()
                        .filter(event ->
                                event.kind() == kind && event.backend().equals(backend) && within(AT_ONCE, event, now))
                        .count()
                >= MANY;
    }

    private static boolean within(Duration time, Event event, Instant now) {
        return !event.last().isBefore(now.minus(time));
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
