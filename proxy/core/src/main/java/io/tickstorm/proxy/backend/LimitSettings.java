package io.tickstorm.proxy.backend;

import io.tickstorm.proxy.endpoint.Upstream;
import io.tickstorm.proxy.settings.Durations;
import io.tickstorm.proxy.settings.Section;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How much this proxy gives to one upstream at once, and what becomes of the rest. 0 = no limit.
 *
 * @param requests attempts that run on one upstream; a TCP connection counts as one
 * @param connections connections that are open to one upstream, idle ones included
 * @param queue the line of the requests that no upstream has room for
 */
public record LimitSettings(int requests, int connections, Queue queue) {
    public static final LimitSettings NONE = new LimitSettings(0, 0, new Queue(1024, Duration.ofSeconds(1)));

    private static final int MOST = 1_000_000;
    private static final Duration LONGEST = Duration.ofHours(1);

    /**
     * @param size requests that may wait, 0..1,000,000
     * @param timeout how long one of them waits at most; zero = nobody waits
     */
    public record Queue(int size, Duration timeout) {
        static Queue read(Section section) {
            return new Queue(
                    section.integer("size", 0, MOST, NONE.queue().size()),
                    section.duration(
                            "timeout", Duration.ZERO, LONGEST, NONE.queue().timeout()));
        }

        Map<String, Object> toMap() {
            var map = new LinkedHashMap<String, Object>();
            map.put("size", size);
            map.put("timeout", Durations.format(timeout));
            return map;
        }
    }

    public static LimitSettings read(Section section) {
        return new LimitSettings(
                section.integer("requests", 0, MOST, NONE.requests()),
                section.integer("connections", 0, MOST, NONE.connections()),
                section.section("queue", Queue::read));
    }

    void apply(Upstream upstream) {
        upstream.limit(attempts(), connections);
    }

    /** Attempts that may run on one upstream at once: each needs a connection. 0 = no limit. */
    private int attempts() {
        return requests == 0 || connections == 0 ? Math.max(requests, connections) : Math.min(requests, connections);
    }

    public Map<String, Object> toMap() {
        var map = new LinkedHashMap<String, Object>();
        map.put("requests", requests);
        map.put("connections", connections);
        map.put("queue", queue.toMap());
        return map;
    }
}
