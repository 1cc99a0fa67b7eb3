package io.tickstorm.proxy.health;

import io.tickstorm.proxy.settings.Durations;
import io.tickstorm.proxy.settings.Section;
import io.tickstorm.proxy.settings.Syntax;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How an upstream is asked.
 *
 * @param type what is asked
 * @param port where; 0 = the port that traffic goes to
 * @param path the target of the GET request; without meaning for TCP
 * @param expectedStatus the answers that pass; without meaning for TCP
 * @param interval from the beginning of one check to that of the next
 * @param timeout until an answer that has not come is a failure; at most the interval
 * @param rise successes in a row that bring an upstream back, 1 or more
 * @param fall failures in a row that take it out, 1 or more
 */
public record HealthCheckSettings(
        Type type,
        int port,
        String path,
        StatusRange expectedStatus,
        Duration interval,
        Duration timeout,
        int rise,
        int fall) {
    public static final HealthCheckSettings DEFAULT = new HealthCheckSettings(
            Type.HTTP, 0, "/ready", new StatusRange(200, 399), Duration.ofSeconds(3), Duration.ofSeconds(3), 2, 2);

    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final int MAX_IN_A_ROW = 100;
    // Origin form, RFC 9112 section 3.2.1: visible characters; a fragment is never sent.
    private static final Syntax<String> PATH =
            Syntax.matching("/[\\x21-\\x7e&&[^#]]{0,2047}", "a path that begins with /, without blanks and #");
    private static final Syntax<StatusRange> STATUS =
            new Syntax<StatusRange>("a status such as 200, or a range such as 200-399", StatusRange::parse).orNumber();

    /** What a check does. */
    public enum Type {
        /** Sends GET and looks at the status of the answer. */
        HTTP,
        /** Opens a connection, and closes it. */
        TCP
    }

    /** Both ends included, 100..599. */
    public record StatusRange(int first, int last) {
        public boolean contains(int status) {
            return status >= first && status <= last;
        }

        static @Nullable StatusRange parse(String text) {
            if (!text.matches("[1-5][0-9]{2}(-[1-5][0-9]{2})?")) {
                return null;
            }
            int first = Integer.parseInt(text.substring(0, 3));
            int last = Integer.parseInt(text.substring(text.length() - 3));
            return first <= last ? new StatusRange(first, last) : null;
        }

        @Override
        public String toString() {
            return first == last ? Integer.toString(first) : first + "-" + last;
        }
    }

    public static HealthCheckSettings read(Section section) {
        var type = section.enumeration("type", DEFAULT.type());
        if (type == Type.TCP) {
            section.refuse("path", "a TCP check has no path (expected: nothing, or type: HTTP)");
            section.refuse("expectedStatus", "a TCP check has no status (expected: nothing, or type: HTTP)");
        }
        var http = type == Type.HTTP;
        var interval = section.duration("interval", SHORTEST, LONGEST, DEFAULT.interval());
        // Without a word about the timeout, a short interval shortens it.
        var timeoutDefault = interval.compareTo(DEFAULT.timeout()) < 0 ? interval : DEFAULT.timeout();
        var settings = new HealthCheckSettings(
                type,
                section.integer("port", 1, 65535, DEFAULT.port()),
                http ? section.text("path", PATH, DEFAULT.path()) : DEFAULT.path(),
                http ? section.text("expectedStatus", STATUS, DEFAULT.expectedStatus()) : DEFAULT.expectedStatus(),
                interval,
                section.duration("timeout", SHORTEST, LONGEST, timeoutDefault),
                section.integer("rise", 1, MAX_IN_A_ROW, DEFAULT.rise()),
                section.integer("fall", 1, MAX_IN_A_ROW, DEFAULT.fall()));
        if (settings.timeout().compareTo(interval) > 0) {
            section.problem(
                    "timeout",
                    Durations.format(settings.timeout()) + " (expected: at most the interval, "
                            + Durations.format(interval) + ")");
        }
        return settings;
    }

    public Map<String, Object> toMap() {
        var map = new LinkedHashMap<String, Object>();
        map.put("type", type.toString());
        if (port != 0) {
            map.put("port", port);
        }
        if (type == Type.HTTP) {
            map.put("path", path);
            map.put("expectedStatus", expectedStatus.toString());
        }
        map.put("interval", Durations.format(interval));
        map.put("timeout", Durations.format(timeout));
        map.put("rise", rise);
        map.put("fall", fall);
        return map;
    }
}
