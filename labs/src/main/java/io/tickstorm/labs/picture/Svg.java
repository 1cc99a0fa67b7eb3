package io.tickstorm.labs.picture;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Text of an SVG document, one element a line. */
final class Svg {
    private final StringBuilder text = new StringBuilder();

    /** @param attributes name and value in turn */
    Svg open(String name, Object... attributes) {
        return tag(name, ">", attributes);
    }

    Svg close(String name) {
        text.append("</").append(name).append(">\n");
        return this;
    }

    Svg empty(String name, Object... attributes) {
        return tag(name, "/>", attributes);
    }

    /** An element with words in it. */
    Svg words(String name, String words, Object... attributes) {
        tag(name, ">", attributes);
        text.setLength(text.length() - 1);
        text.append(escaped(words));
        return close(name);
    }

    Svg label(double x, double y, String style, String words) {
        return words("text", words, "class", style, "x", x, "y", y);
    }

    @Override
    public String toString() {
        return text.toString();
    }

    /** With one decimal at most: a tenth of a pixel. */
    static String number(double value) {
        return BigDecimal.valueOf(value)
                .setScale(1, RoundingMode.HALF_EVEN)
                .stripTrailingZeros()
                .toPlainString();
    }

    private Svg tag(String name, String end, Object... attributes) {
        text.append('<').append(name);
        for (int i = 0; i < attributes.length; i += 2) {
            var value = attributes[i + 1] instanceof Number number
                    ? number(number.doubleValue())
                    : attributes[i + 1].toString();
            text.append(' ')
                    .append(attributes[i])
                    .append("=\"")
                    .append(escaped(value))
                    .append('"');
        }
        text.append(end).append('\n');
        return this;
    }

    private static String escaped(String words) {
        return words.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
