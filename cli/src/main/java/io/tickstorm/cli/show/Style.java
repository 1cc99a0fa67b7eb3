package io.tickstorm.cli.show;

import java.nio.charset.Charset;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the reader's terminal can show.
 *
 * @param colour whether it takes ECMA-48's colours, and the reader wants them
 * @param lines whether lines and signs beyond ASCII can be written
 * @param width columns; {@link Integer#MAX_VALUE} where nothing is cut or folded
 */
public record Style(boolean colour, boolean lines, int width) {
    private static final int USUAL = 100;
    private static final int LEAST = 40;

    /** Text that goes to a file or another program. */
    public static final Style PLAIN = new Style(false, false, Integer.MAX_VALUE);

    /** Colours that mean something. */
    public enum Paint {
        GOOD("32"),
        WARN("33"),
        BAD("31"),
        DIM("2"),
        STRONG("1");

        private final String code;

        Paint(String code) {
            this.code = code;
        }
    }

    /**
     * @param terminal whether a person watches
     * @param charset of what is written
     */
    public static Style of(Map<String, String> environment, boolean terminal, Charset charset) {
        var encoder = charset.newEncoder();
        var noColour =
                !Objects.requireNonNullElse(environment.get("NO_COLOR"), "").isEmpty();
        var dumb = "dumb".equals(environment.get("TERM"));
        return new Style(
                terminal && !noColour && !dumb,
                encoder.canEncode("├─└│●▲✖→…"),
                terminal ? width(environment.get("COLUMNS")) : Integer.MAX_VALUE);
    }

    private static int width(@Nullable String columns) {
        try {
            return columns == null || columns.isEmpty() ? USUAL : Math.max(LEAST, Integer.parseInt(columns));
        } catch (NumberFormatException e) {
            return USUAL;
        }
    }

    String paint(Paint paint, String text) {
        return colour ? "\u001b[" + paint.code + "m" + text + "\u001b[0m" : text;
    }

    String good() {
        return paint(Paint.GOOD, lines ? "●" : "ok");
    }

    String warn() {
        return paint(Paint.WARN, lines ? "▲" : "!");
    }

    String bad() {
        return paint(Paint.BAD, lines ? "✖" : "X");
    }

    String note() {
        return paint(Paint.DIM, lines ? "○" : "-");
    }

    String arrow() {
        return lines ? "→" : "->";
    }

    String dot() {
        return lines ? " · " : ", ";
    }

    /** How many columns a text takes; colours take none. */
    static int columns(String text) {
        var bare = text.replaceAll("\u001b\\[[0-9;]*m", "");
        return bare.codePointCount(0, bare.length());
    }
}
