package io.tickstorm.proxy.http1;

import java.util.Arrays;

/** Scratch bytes in which a head is put together before it goes to a buffer in one copy. */
final class Assembly {
    private byte[] bytes;
    private int length;

    Assembly(int capacity) {
        bytes = new byte[capacity];
    }

    Assembly clear() {
        length = 0;
        return this;
    }

    Assembly add(byte[] source) {
        return add(source, 0, source.length);
    }

    Assembly add(byte[] source, int from, int to) {
        room(to - from);
        System.arraycopy(source, from, bytes, length, to - from);
        length += to - from;
        return this;
    }

    Assembly add(char c) {
        room(1);
        bytes[length++] = (byte) c;
        return this;
    }

    /** Appends a number of zero or more. */
    Assembly addDecimal(long number) {
        int digits = 1;
        for (long rest = number; rest >= 10; rest /= 10) {
            digits++;
        }
        room(digits);
        long rest = number;
        for (int at = length + digits - 1; at >= length; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits;
        return this;
    }

    /** Appends 16 hexadecimal digits. */
    Assembly addHex(long number) {
        room(16);
        for (int shift = 60; shift >= 0; shift -= 4) {
            bytes[length++] = (byte) Character.forDigit((int) (number >>> shift) & 15, 16);
        }
        return this;
    }

    Assembly endLine() {
        room(2);
        bytes[length++] = Grammar.CR;
        bytes[length++] = Grammar.LF;
        return this;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    private void room(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
