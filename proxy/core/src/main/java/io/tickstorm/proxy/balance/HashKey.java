package io.tickstorm.proxy.balance;

import java.net.InetAddress;

/**
 * Keys for the policies that choose by one. The same everywhere and at all times: proxies that do not know of each other send
 * a key to the same upstream. Whoever picks keys that collide gains nothing but the bound on that upstream's load.
 *
 * <p>FNV-1a (Fowler, Noll, Vo) over the bytes, and then a finalizer that spreads every bit over all (Stafford's variant 13
 * of the one of MurmurHash3, as in {@link java.util.SplittableRandom}): keys may be compared and cut as they are.
 */
public final class HashKey {
    private static final long FNV_BASIS = 0xCBF2_9CE4_8422_2325L;
    private static final long FNV_PRIME = 0x100_0000_01B3L;

    private HashKey() {}

    /** Of the address alone, not the port. */
    public static long of(InetAddress address) {
        return of(address.getAddress());
    }

    public static long of(byte[] bytes) {
        return of(bytes, 0, bytes.length);
    }

    /** Of the bytes from {@code from}, up to {@code to} and without that. */
    public static long of(byte[] bytes, int from, int to) {
        long hash = FNV_BASIS;
        for (int i = from; i < to; i++) {
            hash = (hash ^ (bytes[i] & 0xFF)) * FNV_PRIME;
        }
        return key(hash);
    }

    /** Of a text; for one of ASCII or ISO 8859-1 the same as of its bytes. */
    public static long of(CharSequence text) {
        long hash = FNV_BASIS;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * FNV_PRIME;
        }
        return key(hash);
    }

    /** Another key that has nothing in common with this one. */
    static long mix(long hash) {
        hash = (hash ^ (hash >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        hash = (hash ^ (hash >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return hash ^ (hash >>> 31);
    }

    private static long key(long hash) {
        long key = mix(hash);
        return key == Chooser.NO_KEY ? 1 : key;
    }
}
