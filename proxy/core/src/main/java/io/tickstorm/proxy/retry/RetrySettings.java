package io.tickstorm.proxy.retry;

import io.tickstorm.proxy.settings.Durations;
import io.tickstorm.proxy.settings.Section;
import io.tickstorm.proxy.settings.Sizes;
import io.tickstorm.proxy.settings.Syntax;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How often and how much is retried.
 *
 * @param attempts attempts after the first one, for one request; 0 = no retries
 * @param perTryTimeout for one attempt, until the head of its answer; zero = none but that of the listener
 * @param statuses answers that are taken for a failure while another upstream is left, 500..599
 * @param idempotencyKey whether a request with a field {@code Idempotency-Key} may be repeated, whatever its method
 * @param backoff how long a retry waits
 * @param budget how many retries may run at once
 * @param bodyLimit bytes of a request body that are kept so that it can be sent again; 0 = none
 */
public record RetrySettings(
        int attempts,
        Duration perTryTimeout,
        List<Integer> statuses,
        boolean idempotencyKey,
        Backoff backoff,
        Budget budget,
        long bodyLimit) {
    public static final int MAX_ATTEMPTS = 10;
    public static final RetrySettings DEFAULT = new RetrySettings(
            2,
            Duration.ZERO,
            List.of(502, 503, 504),
            false,
            new Backoff(Duration.ofMillis(25), Duration.ofMillis(250)),
            new Budget(20, 3),
            64 * 1024);

    private static final long MAX_BODY_LIMIT = 16L * 1024 * 1024;
    private static final Duration LONGEST_TRY = Duration.ofHours(24);
    private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(1);
    private static final Syntax<Integer> STATUS =
            new Syntax<Integer>("a status of 500..599", RetrySettings::status).orNumber();

    public RetrySettings {
        statuses = List.copyOf(statuses);
    }

    /** All else as in {@link #DEFAULT}. */
    public RetrySettings(int attempts, Budget budget, long bodyLimit) {
        this(
                attempts,
                DEFAULT.perTryTimeout(),
                DEFAULT.statuses(),
                DEFAULT.idempotencyKey(),
                DEFAULT.backoff(),
                budget,
                bodyLimit);
    }

    /**
     * @param base what the first retry waits at most, before chance has a say
     * @param max what any retry waits at most
     */
    public record Backoff(Duration base, Duration max) {
        static Backoff read(Section section) {
            var settings = new Backoff(
                    section.duration(
                            "base",
                            Duration.ZERO,
                            LONGEST_BACKOFF,
                            DEFAULT.backoff().base()),
                    section.duration(
                            "max",
                            Duration.ZERO,
                            LONGEST_BACKOFF,
                            DEFAULT.backoff().max()));
            if (settings.max().compareTo(settings.base()) < 0) {
                section.problem(
                        "max",
                        Durations.format(settings.max()) + " (expected: at least base, "
                                + Durations.format(settings.base()) + ")");
            }
            return settings;
        }

        Map<String, Object> toMap() {
            var map = new LinkedHashMap<String, Object>();
            map.put("base", Durations.format(base));
            map.put("max", Durations.format(max));
            return map;
        }
    }

    /**
     * @param percent retries that may run, in percent of what runs, 0..100
     * @param minimum retries that may always run
     */
    public record Budget(int percent, int minimum) {
        /** Whether it never pays for anything. */
        public boolean none() {
            return percent == 0 && minimum == 0;
        }

        static Budget read(Section section) {
            return new Budget(
                    section.integer("percent", 0, 100, DEFAULT.budget().percent()),
                    section.integer("minimum", 0, 1_000, DEFAULT.budget().minimum()));
        }

        Map<String, Object> toMap() {
            var map = new LinkedHashMap<String, Object>();
            map.put("percent", percent);
            map.put("minimum", minimum);
            return map;
        }
    }

    public static RetrySettings read(Section section) {
        return new RetrySettings(
                section.integer("attempts", 0, MAX_ATTEMPTS, DEFAULT.attempts()),
                section.duration("perTryTimeout", Duration.ZERO, LONGEST_TRY, DEFAULT.perTryTimeout()),
                section.list("statuses", STATUS, DEFAULT.statuses()),
                section.bool("idempotencyKey", DEFAULT.idempotencyKey()),
                section.section("backoff", Backoff::read),
                section.section("budget", Budget::read),
                section.size("bodyLimit", 0, MAX_BODY_LIMIT, DEFAULT.bodyLimit()));
    }

    private static @Nullable Integer status(String text) {
        return text.matches("5[0-9]{2}") ? Integer.valueOf(text) : null;
    }

    public Map<String, Object> toMap() {
        var map = new LinkedHashMap<String, Object>();
        map.put("attempts", attempts);
        map.put("perTryTimeout", Durations.format(perTryTimeout));
        map.put("statuses", statuses);
        map.put("idempotencyKey", idempotencyKey);
        map.put("backoff", backoff.toMap());
        map.put("budget", budget.toMap());
        map.put("bodyLimit", Sizes.format(bodyLimit));
        return map;
    }
}
