package io.tickstorm.proxy.admission;

import io.tickstorm.proxy.settings.Durations;
import io.tickstorm.proxy.settings.Section;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How the proxy goes down.
 *
 * @param delay how long it goes on accepting, so that whoever sends to it can learn that it goes
 * @param timeout how long what still runs may then take
 */
public record DrainSettings(Duration delay, Duration timeout) {
    public static final DrainSettings DEFAULT = new DrainSettings(Duration.ofSeconds(5), Duration.ofSeconds(25));

    private static final Duration LONGEST_DELAY = Duration.ofMinutes(10);
    private static final Duration LONGEST = Duration.ofHours(24);

    public static DrainSettings read(Section section) {
        var settings = new DrainSettings(
                section.duration("delay", Duration.ZERO, LONGEST_DELAY, DEFAULT.delay()),
                section.duration("timeout", Duration.ZERO, LONGEST, DEFAULT.timeout()));
        if (settings.total().compareTo(LONGEST) > 0) {
            section.problem(Durations.format(settings.total())
                    + " in all (expected: delay and timeout together at most " + Durations.format(LONGEST) + ")");
        }
        return settings;
    }

    /** From the signal to the end at the latest; a pod's grace period must be longer. */
    public Duration total() {
        return delay.plus(timeout);
    }

    public Map<String, Object> toMap() {
        var map = new LinkedHashMap<String, Object>();
        map.put("delay", Durations.format(delay));
        map.put("timeout", Durations.format(timeout));
        return map;
    }
}
