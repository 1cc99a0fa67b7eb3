package io.tickstorm.labs.picture;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * From where to where, and where its lines are.
 *
 * @param label what is counted, and its unit
 * @param logarithmic equal steps are equal factors
 */
record Axis(String label, double from, double to, boolean logarithmic, List<Tick> ticks) {
    private static final int STEPS = 5;

    record Tick(double at, String words) {}

    /** Ticks at round numbers; the end is the next one. */
    static Axis upTo(String label, double most, boolean exactly) {
        double step = step(most / STEPS);
        double end = exactly ? most : Math.ceil(most / step - 1e-9) * step;
        var ticks = new ArrayList<Tick>();
        for (int i = 0; i * step <= end * (1 + 1e-9); i++) {
            ticks.add(tick(i * step));
        }
        return new Axis(label, 0, end, false, ticks);
    }

    /** A tick at each power of ten. */
    static Axis powers(String label, double from, double to) {
        var ticks = new ArrayList<Tick>();
        for (double at = Math.pow(10, Math.floor(Math.log10(from))); at <= to * (1 + 1e-9); at *= 10) {
            if (at >= from * (1 - 1e-9)) {
                ticks.add(tick(at));
            }
        }
        return new Axis(label, from, to, true, ticks);
    }

    /** A place for each name, at 0, 1, 2 ... */
    static Axis names(String label, List<String> names) {
        var ticks = IntStream.range(0, names.size())
                .mapToObj(i -> new Tick(i, names.get(i)))
                .toList();
        return new Axis(label, -0.5, names.size() - 0.5, false, ticks);
    }

    /** Where a value is, 0..1. */
    double place(double value) {
        return logarithmic
                ? (Math.log(Math.max(value, from)) - Math.log(from)) / (Math.log(to) - Math.log(from))
                : (value - from) / (to - from);
    }

    private static Tick tick(double at) {
        var plain = BigDecimal.valueOf(Math.round(at * 1e6) / 1e6).stripTrailingZeros();
        return new Tick(at, at >= 1000 ? String.format(Locale.ROOT, "%,.0f", at) : plain.toPlainString());
    }

    /** 1, 2 or 5 times a power of ten. */
    private static double step(double least) {
        double power = Math.pow(10, Math.floor(Math.log10(Math.max(least, 1e-9))));
        for (int factor : new int[] {1, 2, 5}) {
            if (factor * power >= least * (1 - 1e-9)) {
                return factor * power;
            }
        }
        return 10 * power;
    }
}
