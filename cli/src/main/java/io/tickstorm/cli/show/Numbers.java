package io.tickstorm.cli.show;

import io.tickstorm.cli.fleet.Buckets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Numbers as a person reads them. */
final class Numbers {
    private static final double MILLIS = 1000;

    private Numbers() {}

    /** {@code 1,204}. */
    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** {@code 1 proxy}, {@code 2 proxies}. */
    static String of(long number, String one, String many) {
        return count(number) + " " + (number == 1 ? one : many);
    }

    /** {@code 2.4 ms}, {@code 21 ms}, {@code 1.3 s}; a dash where nothing is known. */
    static String millis(@Nullable Double millis) {
        if (millis == null || millis == 0) {
            return "-";
        }
        if (millis >= MILLIS) {
            return String.format(Locale.ROOT, "%.1f s", millis / MILLIS);
        }
        return String.format(Locale.ROOT, millis < 10 ? "%.1f ms" : "%.0f ms", millis);
    }

    /** {@code 25 ms}, {@code > 30.0 s} above the last bound; a dash where nothing was answered. */
    static String within(Buckets answers, int percent) {
        var bound = answers.within(percent);
        return bound == null || !bound.isInfinite() ? millis(bound) : "> " + millis(answers.last());
    }

    /** {@code 12.3}, {@code 120}, {@code 0}. */
    static String rate(double perSecond) {
        return String.format(Locale.ROOT, perSecond == 0 || perSecond >= 100 ? "%,.0f" : "%.1f", perSecond);
    }
}
