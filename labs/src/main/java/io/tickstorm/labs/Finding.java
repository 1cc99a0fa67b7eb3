package io.tickstorm.labs;

import java.util.Locale;

/**
 * Something that was measured, and whether it is as it should be.
 *
 * @param words Markdown, with the numbers
 */
public record Finding(boolean holds, String words) {
    public static Finding that(boolean holds, String words, Object... numbers) {
        return new Finding(holds, String.format(Locale.ROOT, words, numbers));
    }
}
