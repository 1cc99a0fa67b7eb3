package io.tickstorm.proxy.tls;

import java.io.ByteArrayOutputStream;
import java.security.PublicKey;

/**
 * PKCS #8 (RFC 5958) around a key in the older forms PKCS #1 and SEC 1, which cert-manager and OpenSSL write: the version, the
 * algorithm, and the key as it is. The algorithm stands in the public key in the same form (RFC 5280 section 4.1.2.7).
 */
final class Pkcs8 {
    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 0x04;
    private static final byte[] VERSION = {0x02, 0x01, 0x00};
    private static final int LONG_FORM = 0x80;

    private Pkcs8() {}

    /** @param key DER of an RSAPrivateKey or ECPrivateKey */
    static byte[] wrap(byte[] key, PublicKey partner) {
        var algorithm = first(contents(partner.getEncoded()));
        var body = new ByteArrayOutputStream();
        body.writeBytes(VERSION);
        body.writeBytes(algorithm);
        body.writeBytes(element(OCTETS, key));
        return element(SEQUENCE, body.toByteArray());
    }

    private static byte[] element(int tag, byte[] contents) {
        var out = new ByteArrayOutputStream();
        out.write(tag);
        int length = contents.length;
        if (length < LONG_FORM) {
            out.write(length);
        } else {
            int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
            out.write(LONG_FORM | bytes);
            for (int i = bytes - 1; i >= 0; i--) {
                out.write(length >>> (8 * i));
            }
        }
        out.writeBytes(contents);
        return out.toByteArray();
    }

    private static byte[] contents(byte[] element) {
        int header = header(element);
        return slice(element, header, length(element));
    }

    private static byte[] first(byte[] elements) {
        return slice(elements, 0, header(elements) + length(elements));
    }

    private static int header(byte[] element) {
        return (element[1] & LONG_FORM) == 0 ? 2 : 2 + (element[1] & ~LONG_FORM);
    }

    private static int length(byte[] element) {
        if ((element[1] & LONG_FORM) == 0) {
            return element[1];
        }
        int length = 0;
        for (int i = 2; i < header(element); i++) {
            length = length << 8 | (element[i] & 0xff);
        }
        return length;
    }

    private static byte[] slice(byte[] from, int start, int length) {
        var part = new byte[length];
        System.arraycopy(from, start, part, 0, length);
        return part;
    }
}
