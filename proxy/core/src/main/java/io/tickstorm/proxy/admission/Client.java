package io.tickstorm.proxy.admission;

import java.net.InetAddress;

/**
 * Who counts as one client: an IPv4 address, or the first half of an IPv6 address. Made once for each connection.
 *
 * @param address one of its addresses
 * @param key the same number for all of its addresses, and for no other client
 */
public record Client(InetAddress address, long key) {
    // IPv4 addresses become the prefixes 0:1:*: of ::/8, which is reserved (RFC 4291), so no IPv6 client has them.
    private static final long IPV4 = 1L << 32;
    private static final int IPV4_BYTES = 4;
    private static final int HALF = 8;
    private static final int MAPPED_AT = 10;

    /** Whose address it is. */
    public static Client of(InetAddress address) {
        return new Client(address, key(address));
    }

    private static long key(InetAddress address) {
        var bytes = address.getAddress();
        if (bytes.length == IPV4_BYTES) {
            return IPV4 | number(bytes, 0, IPV4_BYTES);
        }
        long prefix = number(bytes, 0, HALF);
        return prefix == 0 && isMapped(bytes) ? IPV4 | number(bytes, bytes.length - IPV4_BYTES, IPV4_BYTES) : prefix;
    }

    /** ::ffff:a.b.c.d, as a socket for both families shows IPv4 clients. */
    private static boolean isMapped(byte[] bytes) {
        return bytes[HALF] == 0
                && bytes[HALF + 1] == 0
                && bytes[MAPPED_AT] == (byte) 0xff
                && bytes[MAPPED_AT + 1] == (byte) 0xff;
    }

    private static long number(byte[] bytes, int from, int count) {
        long number = 0;
        for (int i = from; i < from + count; i++) {
            number = number << Byte.SIZE | bytes[i] & 0xff;
        }
        return number;
    }
}
