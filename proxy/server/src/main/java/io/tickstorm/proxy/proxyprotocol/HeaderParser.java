package io.tickstorm.proxy.proxyprotocol;

import io.netty.buffer.ByteBuf;

/** Tells the two versions apart by their first byte; bytes of the buffer are looked at, none is taken. */
final class HeaderParser {
    private HeaderParser() {}

    /** Call again from the start when more has come. */
    static Parse parse(ByteBuf in) {
        if (!in.isReadable()) {
            return Parse.Incomplete.INSTANCE;
        }
        return switch (in.getByte(in.readerIndex())) {
            case 'P' -> TextHeader.parse(in);
            case '\r' -> BinaryHeader.parse(in);
            default -> Parse.Refused.ABSENT;
        };
    }

    /** Whether the buffer begins with these bytes, as far as it goes. */
    static boolean beginsWith(ByteBuf in, byte[] signature) {
        int length = Math.min(in.readableBytes(), signature.length);
        for (int i = 0; i < length; i++) {
            if (in.getByte(in.readerIndex() + i) != signature[i]) {
                return false;
            }
        }
        return true;
    }
}
