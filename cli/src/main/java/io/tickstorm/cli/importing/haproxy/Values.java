package io.tickstorm.cli.importing.haproxy;

import io.tickstorm.cli.importing.draft.Said;
import java.time.Duration;
import java.util.Optional;

/** Arguments of directives; one that is none is told of. */
final class Values {
    private static final int LONGEST_NUMBER = 9;

    private Values() {}

    static Optional<Duration> time(Said said, int index) {
        var time = Times.parse(said.word(index));
        if (time.isEmpty()) {
            said.lost('"' + said.word(index) + "\" (expected: a time such as 5s)");
        }
        return time;
    }

    static Optional<Integer> number(Said said, int index) {
        var number = number(said.word(index));
        if (number.isEmpty()) {
            said.lost('"' + said.word(index) + "\" (expected: a number)");
        }
        return number;
    }

    static Optional<Integer> number(String text) {
        return text.matches("\\d{1," + LONGEST_NUMBER + "}") ? Optional.of(Integer.parseInt(text)) : Optional.empty();
    }

    /** A number of things, with {@code k}, {@code m} or {@code g} for 1024 and its powers. */
    static Optional<Integer> size(String text) {
        if (!text.matches("\\d{1,7}[kmgKMG]?")) {
            return Optional.empty();
        }
        long number = Long.parseLong(text.replaceAll("\\D", ""));
        int power = "kmg".indexOf(Character.toLowerCase(text.charAt(text.length() - 1))) + 1;
        return Optional.of((int) Math.min(Integer.MAX_VALUE, number << 10 * power));
    }
}
