package io.tickstorm.proxy.admission;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** How many connections each client has open; exact. Holds an entry only for clients that have one. Any thread. */
final class OpenConnections {
    private final ConcurrentMap<Long, Integer> counts = new ConcurrentHashMap<>();

    /** Counts one more, unless the client has as many already. */
    boolean tryAdd(long client, int max) {
        while (true) {
            var now = counts.get(client);
            if (now == null) {
                if (counts.putIfAbsent(client, 1) == null) {
                    return true;
                }
            } else if (now >= max) {
                return false;
            } else if (counts.replace(client, now, now + 1)) {
                return true;
            }
        }
    }

    /** Counts one less. */
    void remove(long client) {
        while (true) {
            var now = counts.get(client);
            if (now == null) {
                throw new IllegalStateException("disconnected without a connection");
            }
            if (now == 1 ? counts.remove(client, now) : counts.replace(client, now, now - 1)) {
                return;
            }
        }
    }

    int of(long client) {
        return counts.getOrDefault(client, 0);
    }

    /** Clients that have a connection. */
    int clients() {
        return counts.size();
    }
}
