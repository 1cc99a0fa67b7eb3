package io.tickstorm.proxy.settings;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Bytes written as text: a character of ASCII is itself, any other one stands for its bytes in UTF-8, and {@code \r},
 * {@code \n}, {@code \t}, {@code \0}, {@code \\} and {@code \xHH} are what they are elsewhere. Immutable.
 *
 * @param bytes each character is one byte, 0..255
 */
public record ByteText(String bytes) {
    public static final ByteText EMPTY = new ByteText("");

    private static final int HEX = 16;

    /** Text of one to so many bytes. */
    public static Syntax<ByteText> upTo(int most) {
        return new Syntax<>(
                "a text of 1 to " + most + " bytes, in which \\r, \\n, \\t, \\0, \\\\ and \\xHH stand for bytes",
                text -> {
                    var read = parse(text);
                    return read == null || read.isEmpty() || read.bytes().length() > most ? null : read;
                });
    }

    static @Nullable ByteText parse(String text) {
        var in = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        var out = new StringBuilder(in.length());
        for (int i = 0; i < in.length(); i++) {
            char next = in.charAt(i);
            if (next != '\\') {
                out.append(next);
                continue;
            }
            i++;
            switch (i < in.length() ? in.charAt(i) : ' ') {
                case 'r' -> out.append('\r');
                case 'n' -> out.append('\n');
                case 't' -> out.append('\t');
                case '0' -> out.append('\0');
                case '\\' -> out.append('\\');
                case 'x' -> {
                    int code = hex(in, i + 1);
                    if (code < 0) {
                        return null;
                    }
                    out.append((char) code);
                    i += 2;
                }
                default -> {
                    return null;
                }
            }
        }
        return new ByteText(out.toString());
    }

    /** Two digits; -1 if they are not there. */
    private static int hex(String text, int at) {
        if (at + 2 > text.length()) {
            return -1;
        }
        int high = Character.digit(text.charAt(at), HEX);
        int low = Character.digit(text.charAt(at + 1), HEX);
        return high < 0 || low < 0 ? -1 : high * HEX + low;
    }

    public boolean isEmpty() {
        return bytes.isEmpty();
    }

    /** In printable ASCII, as it is read. */
    @Override
    public String toString() {
        var out = new StringBuilder(bytes.length());
        for (int i = 0; i < bytes.length(); i++) {
            char next = bytes.charAt(i);
            switch (next) {
                case '\r' -> out.append("\\r");
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                case '\0' -> out.append("\\0");
                case '\\' -> out.append("\\\\");
                default -> {
                    if (next >= ' ' && next <= '~') {
                        out.append(next);
                    } else {
                        out.append("\\x")
                                .append(Character.forDigit(next / HEX, HEX))
                                .append(Character.forDigit(next % HEX, HEX));
                    }
                }
            }
        }
        return out.toString();
    }
}
