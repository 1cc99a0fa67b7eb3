package io.tickstorm.proxy.settings;

import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Numbers of bytes as Kubernetes quantities: {@code 512}, {@code 64Ki}, {@code 1.5Mi}, {@code 2G}. */
public final class Sizes {
    private static final Pattern QUANTITY = Pattern.compile("([0-9]{1,15}(?:\\.[0-9]{1,9})?)(Ki|Mi|Gi|Ti|k|M|G|T)?");
    private static final Map<String, Long> UNITS = Map.of(
            "",
            1L,
            "k",
            1_000L,
            "M",
            1_000_000L,
            "G",
            1_000_000_000L,
            "T",
            1_000_000_000_000L,
            "Ki",
            1L << 10,
            "Mi",
            1L << 20,
            "Gi",
            1L << 30,
            "Ti",
            1L << 40);

    private Sizes() {}

    /** The number of bytes, or null if the text is no quantity, no whole number of bytes, or too large for a long. */
    public static @Nullable Long parse(String text) {
        var parts = QUANTITY.matcher(text);
        if (!parts.matches()) {
            return null;
        }
        var unit = parts.group(2) == null ? "" : parts.group(2);
        var bytes = new BigDecimal(parts.group(1)).multiply(BigDecimal.valueOf(UNITS.getOrDefault(unit, 1L)));
        try {
            return bytes.longValueExact();
        } catch (ArithmeticException notWhole) {
            return null;
        }
    }

    /** The shortest text with a binary unit that is exact, for example {@code 64Ki}; {@code bytes} is zero or more. */
    public static String format(long bytes) {
        for (var unit : new String[] {"Ti", "Gi", "Mi", "Ki"}) {
            long factor = UNITS.getOrDefault(unit, 1L);
            if (bytes > 0 && bytes % factor == 0) {
                return bytes / factor + unit;
            }
        }
        return Long.toString(bytes);
    }
}
