package io.tickstorm.cli.importing.nginx;

import io.tickstorm.cli.importing.draft.Said;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** Arguments of directives: times in seconds unless they have a unit, sizes in bytes. */
final class Values {
    private static final Pattern TIME = Pattern.compile("(?:\\d{1,9}(?:ms|y|M|w|d|h|m|s|$))+");
    private static final Pattern PART = Pattern.compile("(\\d{1,9})(ms|y|M|w|d|h|m|s|$)");

    private Values() {}

    static Optional<Duration> time(Said said, int index) {
        var time = time(said.word(index));
        if (time.isEmpty()) {
            said.lost('"' + said.word(index) + "\" (expected: a time such as 5s)");
        }
        return time;
    }

    static Optional<Duration> time(String text) {
        if (text.isEmpty() || !TIME.matcher(text).matches()) {
            return Optional.empty();
        }
        return Optional.of(PART.matcher(text)
                .results()
                .map(part -> span(Long.parseLong(part.group(1)), part.group(2)))
                .reduce(Duration.ZERO, Duration::plus));
    }

    private static Duration span(long number, String unit) {
        return switch (unit) {
            case "ms" -> Duration.ofMillis(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            case "d" -> Duration.ofDays(number);
            case "w" -> Duration.ofDays(number * 7);
            case "M" -> Duration.ofDays(number * 30);
            case "y" -> Duration.ofDays(number * 365);
            default -> Duration.ofSeconds(number);
        };
    }

    static Optional<Integer> number(Said said, int index) {
        var number = number(said.word(index));
        if (number.isEmpty()) {
            said.lost('"' + said.word(index) + "\" (expected: a number)");
        }
        return number;
    }

    static Optional<Integer> number(String text) {
        return text.matches("\\d{1,9}") ? Optional.of(Integer.parseInt(text)) : Optional.empty();
    }

    /** Bytes, as our quantities write them. */
    static Optional<String> size(String text) {
        return text.matches("\\d{1,9}[kKmMgG]?")
                ? Optional.of(
                        text.replaceAll("[kK]$", "Ki").replaceAll("[mM]$", "Mi").replaceAll("[gG]$", "Gi"))
                : Optional.empty();
    }

    /** What follows {@code name=} among the arguments. */
    static Optional<String> option(Said said, String name) {
        return said.arguments().stream()
                .filter(word -> word.startsWith(name + "="))
                .map(word -> word.substring(name.length() + 1))
                .findFirst();
    }
}
