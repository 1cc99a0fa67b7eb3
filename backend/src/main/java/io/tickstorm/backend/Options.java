package io.tickstorm.backend;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Values by flag ({@code --http-port 1} or {@code --http-port=1}) or by environment ({@code HTTP_PORT}); the flag wins.
 * Collects every problem instead of stopping at the first.
 */
final class Options {
    private static final Pattern DURATION =
            Pattern.compile("(?:(\\d{1,4})h)?(?:(\\d{1,5})m(?!s))?(?:(\\d{1,6})s)?(?:(\\d{1,9})ms)?");

    private final Map<String, String> environment;
    private final Map<String, String> flags = new HashMap<>();
    private final List<String> problems = new ArrayList<>();

    /** A value, and the name by which the user gave it. */
    private record Given(String name, String value) {}

    /** @param known the flags that exist, without {@code --} */
    Options(String[] arguments, Map<String, String> environment, Set<String> known) {
        this.environment = environment;
        for (int i = 0; i < arguments.length; i++) {
            var argument = arguments[i];
            var equals = argument.indexOf('=');
            var flag = equals < 0 ? argument : argument.substring(0, equals);
            if (!flag.startsWith("--") || !known.contains(flag.substring(2))) {
                problems.add(argument + ": unknown (expected: one of the flags that --help shows)");
            } else if (equals >= 0) {
                flags.put(flag.substring(2), argument.substring(equals + 1));
            } else if (i + 1 < arguments.length) {
                flags.put(flag.substring(2), arguments[++i]);
            } else {
                problems.add(flag + ": no value");
            }
        }
    }

    List<String> problems() {
        return problems;
    }

    void problem(String problem) {
        problems.add(problem);
    }

    String text(String flag, String absent) {
        var given = given(flag);
        return given == null ? absent : given.value;
    }

    int number(String flag, int absent, int min, int max) {
        var given = given(flag);
        if (given == null) {
            return absent;
        }
        try {
            var value = Integer.parseInt(given.value);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // The same problem as a number out of range.
        }
        return problem(given, min + ".." + max, absent);
    }

    int port(String flag, int absent) {
        return number(flag, absent, 0, 65_535);
    }

    boolean flag(String flag) {
        var given = given(flag);
        if (given == null) {
            return false;
        }
        return switch (given.value) {
            case "true" -> true;
            case "false" -> false;
            default -> problem(given, "true or false", false);
        };
    }

    Duration duration(String flag, Duration absent, Duration min, Duration max) {
        var given = given(flag);
        if (given == null) {
            return absent;
        }
        var value = duration(given.value);
        if (value == null || value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            return problem(
                    given,
                    "a duration such as 5s, 250ms or 1m30s, " + min.toSeconds() + "s to " + max.toSeconds() + "s",
                    absent);
        }
        return value;
    }

    private static @Nullable Duration duration(String text) {
        var parts = DURATION.matcher(text);
        if (text.isEmpty() || !parts.matches()) {
            return null;
        }
        return Duration.ofHours(part(parts.group(1)))
                .plusMinutes(part(parts.group(2)))
                .plusSeconds(part(parts.group(3)))
                .plusMillis(part(parts.group(4)));
    }

    private static long part(@Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }

    private <T> T problem(Given given, String expected, T absent) {
        problems.add(given.name + ": " + given.value + " (expected: " + expected + ")");
        return absent;
    }

    private @Nullable Given given(String flag) {
        var byFlag = flags.get(flag);
        if (byFlag != null) {
            return new Given("--" + flag, byFlag);
        }
        var variable = variable(flag);
        var byEnvironment = environment.getOrDefault(variable, "");
        // An empty variable is what a template leaves of a value that is not set.
        return byEnvironment.isEmpty() ? null : new Given(variable, byEnvironment);
    }

    private static String variable(String flag) {
        var name = new StringBuilder(flag.length());
        flag.chars().forEach(c -> name.append(c == '-' ? '_' : (char) (c - 'a' + 'A')));
        return name.toString();
    }
}
