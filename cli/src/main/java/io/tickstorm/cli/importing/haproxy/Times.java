package io.tickstorm.cli.importing.haproxy;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** Times of HAProxy: a number of milliseconds, or of the unit that follows it. */
final class Times {
    private static final Pattern TIME = Pattern.compile("(\\d{1,12})(us|ms|s|m|h|d)?");
    private static final int MICROS = 1000;

    private Times() {}

    /** The time in whole milliseconds, one at least unless it is zero; empty if it is none. */
    static Optional<Duration> parse(String text) {
        var match = TIME.matcher(text);
        if (!match.matches()) {
            return Optional.empty();
        }
        long number = Long.parseLong(match.group(1));
        return Optional.of(
                switch (match.group(2)) {
                    case "us" -> Duration.ofMillis(number == 0 ? 0 : Math.max(1, number / MICROS));
                    case "s" -> Duration.ofSeconds(number);
                    case "m" -> Duration.ofMinutes(number);
                    case "h" -> Duration.ofHours(number);
                    case "d" -> Duration.ofDays(number);
                    case null, default -> Duration.ofMillis(number);
                });
    }
}
