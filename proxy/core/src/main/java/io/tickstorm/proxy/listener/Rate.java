package io.tickstorm.proxy.listener;

import io.tickstorm.proxy.settings.Section;
import java.util.Map;

/**
 * How often something may happen: a bucket of tokens that fills at a steady pace.
 *
 * @param perSecond 1..100,000; 0 = as often as it likes
 * @param burst how much may come at once after a pause, 1..1,000,000; 0 without a rate
 */
public record Rate(int perSecond, int burst) {
    public static final Rate UNLIMITED = new Rate(0, 0);

    // The limiter counts in 64ths of a token and whole nanoseconds: 157 of them at this rate.
    private static final int MOST_PER_SECOND = 100_000;
    private static final int LARGEST_BURST = 1_000_000;

    /** Reads {@code nameRate} and {@code nameBurst}; without a word about the burst it is what one second brings. */
    public static Rate read(Section section, String name) {
        int perSecond = section.integer(name + "Rate", 0, MOST_PER_SECOND, 0);
        int burst = section.integer(name + "Burst", 1, LARGEST_BURST, perSecond);
        if (perSecond > 0) {
            return new Rate(perSecond, burst);
        }
        section.refuse(name + "Burst", "without a rate (expected: nothing, or " + name + "Rate over 0)");
        return UNLIMITED;
    }

    /** Nothing of the kind exists in this protocol. */
    static Rate refuse(Section section, String name, String why) {
        section.refuse(name + "Rate", why);
        section.refuse(name + "Burst", why);
        return UNLIMITED;
    }

    public boolean limited() {
        return perSecond > 0;
    }

    void write(Map<String, Object> map, String name) {
        map.put(name + "Rate", perSecond);
        if (limited()) {
            map.put(name + "Burst", burst);
        }
    }
}
