package io.tickstorm.proxy.sni;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Finds the ClientHello in the records that carry it, however many they are (RFC 8446 section 5.1). Bytes are looked at, none is
 * taken.
 */
final class HelloParser {
    /** Of the records of a ClientHello. Those with post-quantum keys have under 2 KiB; HAProxy has the same bound. */
    static final int LONGEST = 16 * 1024;

    private static final int HANDSHAKE = 22;
    private static final int MAJOR_VERSION = 3;
    private static final int CLIENT_HELLO = 1;

    /** Type, version, length. */
    private static final int RECORD_HEAD = 5;

    /** Type and length. */
    private static final int MESSAGE_HEAD = 4;

    private HelloParser() {}

    /** Call again from the start when more has come. */
    static Hello parse(ByteBuf in) {
        var message = Unpooled.buffer(Math.min(in.readableBytes(), LONGEST));
        int at = in.readerIndex();
        while (true) {
            int have = in.writerIndex() - at;
            if (have > 0 && in.getByte(at) != HANDSHAKE || have > 1 && in.getByte(at + 1) != MAJOR_VERSION) {
                return at == in.readerIndex() ? Hello.Refused.ABSENT : Hello.Refused.MALFORMED;
            }
            if (have < RECORD_HEAD) {
                return Hello.Incomplete.INSTANCE;
            }
            int length = in.getUnsignedShort(at + RECORD_HEAD - 2);
            if (length == 0) {
                return Hello.Refused.MALFORMED;
            }
            at += RECORD_HEAD;
            int part = Math.min(length, in.writerIndex() - at);
            message.writeBytes(in, at, part);
            if (message.isReadable() && message.getByte(0) != CLIENT_HELLO) {
                return Hello.Refused.MALFORMED;
            }
            if (message.readableBytes() >= MESSAGE_HEAD) {
                int whole = MESSAGE_HEAD + message.getUnsignedMedium(1);
                if (message.readableBytes() >= whole) {
                    return ClientHello.serverName(message.slice(MESSAGE_HEAD, whole - MESSAGE_HEAD));
                }
                if (whole > LONGEST) {
                    return Hello.Refused.TOO_LONG;
                }
            }
            at += length;
            if (at - in.readerIndex() > LONGEST) {
                return Hello.Refused.TOO_LONG;
            }
            if (at >= in.writerIndex()) {
                return Hello.Incomplete.INSTANCE;
            }
        }
    }
}
