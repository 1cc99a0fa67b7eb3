package io.tickstorm.proxy.breaker;

import io.tickstorm.proxy.settings.Durations;
import io.tickstorm.proxy.settings.Section;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * When live traffic takes an upstream out.
 *
 * @param consecutiveFailures failures in a row that open the breaker; 0 = it never opens
 * @param openFor how long it stays open the first time; doubles with each probe that fails
 * @param maxOpenFor where the doubling ends
 */
public record CircuitBreakerSettings(int consecutiveFailures, Duration openFor, Duration maxOpenFor) {
    public static final CircuitBreakerSettings DEFAULT =
            new CircuitBreakerSettings(5, Duration.ofSeconds(10), Duration.ofMinutes(5));

    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofHours(1);

    public static CircuitBreakerSettings read(Section section) {
        var settings = new CircuitBreakerSettings(
                section.integer("consecutiveFailures", 0, 10_000, DEFAULT.consecutiveFailures()),
                section.duration("openFor", SHORTEST, LONGEST, DEFAULT.openFor()),
                section.duration("maxOpenFor", SHORTEST, LONGEST, DEFAULT.maxOpenFor()));
        if (settings.maxOpenFor().compareTo(settings.openFor()) < 0) {
            section.problem(
                    "maxOpenFor",
                    Durations.format(settings.maxOpenFor()) + " (expected: at least openFor, "
                            + Durations.format(settings.openFor()) + ")");
        }
        return settings;
    }

    public Map<String, Object> toMap() {
        var map = new LinkedHashMap<String, Object>();
        map.put("consecutiveFailures", consecutiveFailures);
        map.put("openFor", Durations.format(openFor));
        map.put("maxOpenFor", Durations.format(maxOpenFor));
        return map;
    }
}
