package io.tickstorm.proxy.retry;

import io.tickstorm.proxy.settings.Section;
import io.tickstorm.proxy.settings.Sizes;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often and how much is retried.
 *
 * @param attempts attempts after the first one, for one request; 0 = no retries
 * @param budget how many retries may run at once
 * @param bodyLimit bytes of a request body that are kept so that it can be sent again; 0 = none
 */
public record RetrySettings(int attempts, Budget budget, long bodyLimit) {
    public static final int MAX_ATTEMPTS = 10;
    public static final RetrySettings DEFAULT = new RetrySettings(2, new Budget(20, 3), 64 * 1024);

    private static final long MAX_BODY_LIMIT = 16L * 1024 * 1024;

    /**
     * @param percent retries that may run, in percent of what runs, 0..100
     * @param minimum retries that may always run
     */
    public record Budget(int percent, int minimum) {
        /** Whether it never pays for anything. */
        public boolean none() {
            return percent == 0 && minimum == 0;
        }
    }

    public static RetrySettings read(Section section) {
        return new RetrySettings(
                section.integer("attempts", 0, MAX_ATTEMPTS, DEFAULT.attempts()),
                section.section(
                        "budget",
                        budget -> new Budget(
                                budget.integer(
                                        "percent", 0, 100, DEFAULT.budget().percent()),
                                budget.integer(
                                        "minimum", 0, 1_000, DEFAULT.budget().minimum()))),
                section.size("bodyLimit", 0, MAX_BODY_LIMIT, DEFAULT.bodyLimit()));
    }

    public Map<String, Object> toMap() {
        var map = new LinkedHashMap<String, Object>();
        map.put("attempts", attempts);
        var share = new LinkedHashMap<String, Object>();
        share.put("percent", budget.percent());
        share.put("minimum", budget.minimum());
        map.put("budget", share);
        map.put("bodyLimit", Sizes.format(bodyLimit));
        return map;
    }
}
