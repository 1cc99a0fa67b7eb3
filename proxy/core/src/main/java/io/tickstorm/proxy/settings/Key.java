package io.tickstorm.proxy.settings;

import org.jspecify.annotations.Nullable;

/**
 * What a reader said about a key when it asked for it.
 *
 * @param path as in messages, with {@code []} for the items of a list: {@code listeners[].port}
 * @param range what may stand there, in words or as {@code 1..65535}; empty for sections
 * @param fallback what holds if it is absent, as a configuration writes it; null = nothing does
 * @param required whether it must be there
 */
public record Key(
        String path, Shape shape, String range, @Nullable String fallback, boolean required) {

    /** What kind of value a key has. */
    public enum Shape {
        TEXT,
        INTEGER,
        BOOLEAN,
        DURATION,
        SIZE,
        /** One of the words in the range, separated by {@code " or "}. */
        WORD,
        /** A mapping that is read whether it is there or not. */
        SECTION,
        /** A mapping that means something by being there. */
        OPTIONAL_SECTION,
        LIST
    }
}
