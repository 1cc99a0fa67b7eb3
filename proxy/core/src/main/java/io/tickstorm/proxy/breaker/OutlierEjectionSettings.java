package io.tickstorm.proxy.breaker;

import io.tickstorm.proxy.settings.Durations;
import io.tickstorm.proxy.settings.Section;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * When an upstream that does worse than its peers, or that falls silent, is taken out.
 *
 * @param interval how often upstreams are compared, each time by the attempts that ended since; zero = never
 * @param minimumRequests attempts that an upstream, and its peers together, must have ended in an interval to be compared
 * @param failurePercent how many percentage points more of its attempts must have failed than of its peers', 1..100
 * @param baseTime how long it is out the first time; n times as long the n-th time in a row
 * @param maxTime where that growth ends
 * @param maxPercent how many of the upstreams may be out at once, 0..100; one of two or more always may, the last never
 * @param silence for how long nothing is heard of an upstream, while answers are awaited, until it is out at once; longer
 *     if one in a thousand answers of its backend takes longer ({@link AnswerTimes}); zero = no matter how long
 */
public record OutlierEjectionSettings(
        Duration interval,
        int minimumRequests,
        int failurePercent,
        Duration baseTime,
        Duration maxTime,
        int maxPercent,
        Duration silence) {
    /**
     * The time out is 10 s, not the 30 s that proxies with large pools use: of three pods each is a third of the capacity,
     * and coming back too early costs one request, not a share of the traffic. 20 requests in 10 s are what a service of 6
     * requests a second gives each of three pods.
     */
    public static final OutlierEjectionSettings DEFAULT = new OutlierEjectionSettings(
            Duration.ofSeconds(10), 20, 10, Duration.ofSeconds(10), Duration.ofMinutes(5), 50, Duration.ofSeconds(1));

    /** No upstream is ever ejected. */
    public static final OutlierEjectionSettings OFF = new OutlierEjectionSettings(
            Duration.ZERO,
            DEFAULT.minimumRequests(),
            DEFAULT.failurePercent(),
            DEFAULT.baseTime(),
            DEFAULT.maxTime(),
            DEFAULT.maxPercent(),
            Duration.ZERO);

    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofHours(1);

    public static OutlierEjectionSettings read(Section section) {
        var settings = new OutlierEjectionSettings(
                period(section, "interval", DEFAULT.interval()),
                section.integer("minimumRequests", 1, 1_000_000, DEFAULT.minimumRequests()),
                section.integer("failurePercent", 1, 100, DEFAULT.failurePercent()),
                section.duration("baseTime", SHORTEST, LONGEST, DEFAULT.baseTime()),
                section.duration("maxTime", SHORTEST, LONGEST, DEFAULT.maxTime()),
                section.integer("maxPercent", 0, 100, DEFAULT.maxPercent()),
                period(section, "silence", DEFAULT.silence()));
        if (settings.maxTime().compareTo(settings.baseTime()) < 0) {
            section.problem(
                    "maxTime",
                    Durations.format(settings.maxTime()) + " (expected: at least baseTime, "
                            + Durations.format(settings.baseTime()) + ")");
        }
        return settings;
    }

    /** Zero, or so long that looking costs nothing. */
    private static Duration period(Section section, String key, Duration fallback) {
        var period = section.duration(key, Duration.ZERO, LONGEST, fallback);
        if (!period.isZero() && period.compareTo(SHORTEST) < 0) {
            section.problem(
                    key, Durations.format(period) + " (expected: 0s, or at least " + Durations.format(SHORTEST) + ")");
        }
        return period;
    }

    public Map<String, Object> toMap() {
        var map = new LinkedHashMap<String, Object>();
        map.put("interval", Durations.format(interval));
        map.put("minimumRequests", minimumRequests);
        map.put("failurePercent", failurePercent);
        map.put("baseTime", Durations.format(baseTime));
        map.put("maxTime", Durations.format(maxTime));
        map.put("maxPercent", maxPercent);
        map.put("silence", Durations.format(silence));
        return map;
    }
}
