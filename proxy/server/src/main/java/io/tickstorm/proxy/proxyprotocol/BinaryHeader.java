package io.tickstorm.proxy.proxyprotocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Version 2, a binary block (proxy-protocol.txt section 2.2). Its additions (TLVs) are passed over, but must fit; a checksum among
 * them must be right.
 */
final class BinaryHeader {
    static final byte[] SIGNATURE = {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'};

    /** Signature, version and command, family and protocol, length of the rest. */
    static final int FIXED = 16;

    /** Of the whole header. The length field would allow 64 KiB; nginx has drawn the line here, and no balancer sends more. */
    static final int LONGEST = 4096;

    static final int LOCAL = 0x20;
    static final int PROXY = 0x21;

    static final int UNSPECIFIED = 0x00;
    static final int TCP4 = 0x11;
    static final int TCP6 = 0x21;
    static final int UNIX_STREAM = 0x31;

    /** Two addresses and two ports. */
    static final int TCP4_LENGTH = 12;

    static final int TCP6_LENGTH = 36;

    /** Two paths of 108 bytes. */
    private static final int UNIX_LENGTH = 216;

    private static final int CRC32C_TYPE = 0x03;
    private static final int CRC32C_LENGTH = 4;

    /** Of a TLV: type and length. */
    private static final int TLV_HEAD = 3;

    private BinaryHeader() {}

    static Parse parse(ByteBuf in) {
        if (!HeaderParser.beginsWith(in, SIGNATURE)) {
            return Parse.Refused.ABSENT;
        }
        if (in.readableBytes() < FIXED) {
            return Parse.Incomplete.INSTANCE;
        }
        int start = in.readerIndex();
        int length = FIXED + in.getUnsignedShort(start + FIXED - 2);
        if (length > LONGEST) {
            return Parse.Refused.TOO_LONG;
        }
        if (in.readableBytes() < length) {
            return Parse.Incomplete.INSTANCE;
        }
        var header = in.slice(start, length);
        return switch (header.getUnsignedByte(SIGNATURE.length)) {
            // The sender speaks for itself, as health checks do; whatever else it says is to be ignored.
            case LOCAL -> new Parse.Whole(length, null);
            case PROXY -> proxied(header);
            default -> Parse.Refused.MALFORMED;
        };
    }

    private static Parse proxied(ByteBuf header) {
        return switch (header.getUnsignedByte(SIGNATURE.length + 1)) {
            case UNSPECIFIED -> new Parse.Whole(header.readableBytes(), null);
            case TCP4 -> addressed(header, TCP4_LENGTH);
            case TCP6 -> addressed(header, TCP6_LENGTH);
            case UNIX_STREAM -> {
                var fault = additions(header, FIXED + UNIX_LENGTH);
                yield fault == null ? new Parse.Whole(header.readableBytes(), null) : fault;
            }
            // Datagrams do not come over TCP, and other values are to be rejected.
            default -> Parse.Refused.MALFORMED;
        };
    }

    private static Parse addressed(ByteBuf header, int addresses) {
        var fault = additions(header, FIXED + addresses);
        if (fault != null) {
            return fault;
        }
        int size = addresses / 2 - Short.BYTES;
        int ports = FIXED + 2 * size;
        return new Parse.Whole(
                header.readableBytes(),
                new ProxyHeader(
                        new InetSocketAddress(address(header, FIXED, size), header.getUnsignedShort(ports)),
                        new InetSocketAddress(
                                address(header, FIXED + size, size), header.getUnsignedShort(ports + Short.BYTES))));
    }

    private static InetAddress address(ByteBuf header, int at, int size) {
        try {
            return InetAddress.getByAddress(ByteBufUtil.getBytes(header, at, size));
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible); // only for a length that is neither 4 nor 16
        }
    }

    /** What is wrong with the TLVs that begin there; null if nothing is. */
    private static Parse.@Nullable Refused additions(ByteBuf header, int from) {
        int end = header.readableBytes();
        int at = from;
        while (at + TLV_HEAD <= end) {
            int length = header.getUnsignedShort(at + 1);
            int next = at + TLV_HEAD + length;
            if (next <= end && header.getByte(at) == CRC32C_TYPE) {
                if (length != CRC32C_LENGTH) {
                    return Parse.Refused.MALFORMED;
                }
                if (!checksumFits(header, at + TLV_HEAD)) {
                    return Parse.Refused.CHECKSUM;
                }
            }
            at = next;
        }
        return at == end ? null : Parse.Refused.MALFORMED;
    }

    /** It is over the whole header with zeroes in its own place. */
    private static boolean checksumFits(ByteBuf header, int at) {
        var bytes = ByteBufUtil.getBytes(header);
        bytes[at] = bytes[at + 1] = bytes[at + 2] = bytes[at + 3] = 0;
        var crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue() == header.getInt(at);
    }
}
