package io.tickstorm.proxy.balance;

import io.tickstorm.proxy.settings.Durations;
import io.tickstorm.proxy.settings.Section;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How an upstream that is new, or back, comes up to its share.
 *
 * @param window until it has all of it; zero = at once
 * @param minimum what it begins with, in percent of its share, 1..100
 */
public record SlowStartSettings(Duration window, int minimum) {
    // Most of what a cold JVM compiles, and the pools that it fills, come in the first half minute; a tenth of the
    // share is
    // enough to set that going.
    public static final SlowStartSettings DEFAULT = new SlowStartSettings(Duration.ofSeconds(30), 10);

    private static final Duration LONGEST = Duration.ofHours(1);

    /** Whether every upstream has all of its share from the beginning. */
    public boolean off() {
        return window.isZero();
    }

    static SlowStartSettings read(Section section) {
        return new SlowStartSettings(
                section.duration("window", Duration.ZERO, LONGEST, DEFAULT.window()),
                section.integer("minimum", 1, 100, DEFAULT.minimum()));
    }

    Map<String, Object> toMap() {
        var map = new LinkedHashMap<String, Object>();
        map.put("window", Durations.format(window));
        map.put("minimum", minimum);
        return map;
    }
}
