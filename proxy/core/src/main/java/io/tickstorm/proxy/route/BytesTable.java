package io.tickstorm.proxy.route;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Values by texts of ASCII, found by ranges of bytes without making a text of them: a hash table with linear probing, at most
 * half full. Whoever asks makes the hash with {@link #step}, so that those of all beginnings (or ends) of a range cost one pass.
 */
final class BytesTable<V> {
    static final int EMPTY_HASH = 0x811C_9DC5;
    private static final int PRIME = 0x0100_0193;
    /** The golden section of 2^32: FNV's low bits alone would be those of its last bytes. */
    private static final int SPREAD = 0x9E37_79B9;

    private final List<@Nullable Entry<V>> entries;
    private final int shift;

    private record Entry<V>(int hash, byte[] key, V value) {}

    /** @param size how many will be put at most */
    BytesTable(int size) {
        int bits = Math.max(1, Integer.SIZE - Integer.numberOfLeadingZeros(2 * size));
        shift = Integer.SIZE - bits;
        entries = new ArrayList<>(java.util.Collections.nCopies(1 << bits, null));
    }

    /** FNV-1a (Fowler, Noll, Vo). */
    static int step(int hash, int b) {
        return (hash ^ b) * PRIME;
    }

    void put(int hash, byte[] key, V value) {
        int at = hash * SPREAD >>> shift;
        while (entries.get(at) != null) {
            at = at + 1 & entries.size() - 1;
        }
        entries.set(at, new Entry<>(hash, key, value));
    }

    /** The value of the key that is this range; null if there is none. */
    @Nullable
    V find(int hash, byte[] bytes, int from, int to, boolean ignoreCase) {
        int at = hash * SPREAD >>> shift;
        for (var entry = entries.get(at); entry != null; entry = entries.get(at)) {
            if (entry.hash() == hash && same(entry.key(), bytes, from, to, ignoreCase)) {
                return entry.value();
            }
            at = at + 1 & entries.size() - 1;
        }
        return null;
    }

    private static boolean same(byte[] key, byte[] bytes, int from, int to, boolean ignoreCase) {
        if (!ignoreCase) {
            return java.util.Arrays.equals(key, 0, key.length, bytes, from, to);
        }
        if (key.length != to - from) {
            return false;
        }
        for (int i = 0; i < key.length; i++) {
            if (key[i] != lower(bytes[from + i])) {
                return false;
            }
        }
        return true;
    }

    static int lower(byte b) {
        return b >= 'A' && b <= 'Z' ? b | 0x20 : b;
    }
}
