package io.tickstorm.proxy.http1;

import java.nio.charset.StandardCharsets;

/**
 * Some bytes of a head as text, one character per byte (ISO 8859-1), without a copy: it changes with the head, so what is needed
 * later is taken with {@link #toString}. Compares by identity.
 */
public final class Text implements CharSequence {
    private final byte[] bytes;
    private final int from;
    private final int to;

    Text(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.from = from;
        this.to = to;
    }

    @Override
    public int length() {
        return to - from;
    }

    @Override
    public char charAt(int index) {
        return (char) (bytes[from + index] & 0xff);
    }

    @Override
    public Text subSequence(int start, int end) {
        return new Text(bytes, from + start, from + end);
    }

    @Override
    public String toString() {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
