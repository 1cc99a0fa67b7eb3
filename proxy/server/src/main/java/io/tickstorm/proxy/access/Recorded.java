package io.tickstorm.proxy.access;

import java.time.Instant;

/** An entry and when it ended. */
public record Recorded(Instant ended, Entry entry) {

    /** When the request, or the connection, began. */
    public Instant began() {
        return ended.minusNanos(entry.totalNanos());
    }
}
