package io.tickstorm.proxy.listener;

import io.tickstorm.proxy.settings.Durations;
import io.tickstorm.proxy.settings.Section;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How the kernel finds out that a peer is gone without a word: TCP keep-alive (RFC 1122 section 4.2.3.6), for connections of
 * clients and to upstreams alike.
 *
 * @param idle silence until the first probe, in whole seconds; zero = no probes, and {@link #giveUp} does not hold
 * @param interval between probes that are not answered, in whole seconds
 * @param count of probes that are not answered until the connection is broken
 */
public record KeepAliveSettings(Duration idle, Duration interval, int count) {
    /** Two minutes in all, twice the default idle timeouts: so it is felt where those are longer or none. */
    public static final KeepAliveSettings DEFAULT =
            new KeepAliveSettings(Duration.ofMinutes(1), Duration.ofSeconds(10), 6);

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofHours(2);
    // The kernel's MAX_TCP_KEEPCNT.
    private static final int MOST = 127;

    public static KeepAliveSettings read(Section section) {
        return new KeepAliveSettings(
                seconds(section, "idle", Duration.ZERO, DEFAULT.idle()),
                seconds(section, "interval", SECOND, DEFAULT.interval()),
                section.integer("count", 1, MOST, DEFAULT.count()));
    }

    private static Duration seconds(Section section, String key, Duration min, Duration fallback) {
        var read = section.duration(key, min, LONGEST, fallback);
        if (read.toNanosPart() != 0) {
            section.problem(key, Durations.format(read) + " (expected: whole seconds)");
        }
        return read;
    }

    public boolean enabled() {
        return idle.isPositive();
    }

    /**
     * How long a peer may leave unanswered what it is sent, probes or data: Linux' TCP_USER_TIMEOUT. Keep-alive alone does not probe
     * while data is on its way. It also holds for a peer that answers, but takes nothing for all that time.
     */
    public Duration giveUp() {
        return idle.plus(interval.multipliedBy(count));
    }

    public Map<String, Object> toMap() {
        var map = new LinkedHashMap<String, Object>();
        map.put("idle", Durations.format(idle));
        map.put("interval", Durations.format(interval));
        map.put("count", count);
        return map;
    }
}
