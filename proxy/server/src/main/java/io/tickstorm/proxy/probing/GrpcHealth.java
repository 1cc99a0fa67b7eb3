package io.tickstorm.proxy.probing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The messages of {@code grpc.health.v1.Health/Check}, by hand: each has one field. A message is a byte that says whether it
 * is compressed, its length in four bytes, and then its fields, each a key (number times 8 plus kind) and a value.
 */
final class GrpcHealth {
    /** What a server says of itself; in the order of their numbers in the protocol. */
    enum Status {
        UNKNOWN,
        SERVING,
        NOT_SERVING,
        SERVICE_UNKNOWN
    }

    private static final int PREFIX = 5;
    private static final int SERVICE_KEY = 1 << 3 | 2;
    private static final int STATUS_KEY = 1 << 3;

    // The codes of gRPC, in the order of their numbers.
    private static final List<String> CODES = List.of(
            "OK",
            "CANCELLED",
            "UNKNOWN",
            "INVALID_ARGUMENT",
            "DEADLINE_EXCEEDED",
            "NOT_FOUND",
            "ALREADY_EXISTS",
            "PERMISSION_DENIED",
            "RESOURCE_EXHAUSTED",
            "FAILED_PRECONDITION",
            "ABORTED",
            "OUT_OF_RANGE",
            "UNIMPLEMENTED",
            "INTERNAL",
            "UNAVAILABLE",
            "DATA_LOSS",
            "UNAUTHENTICATED");

    private GrpcHealth() {}

    /** @param service up to 255 bytes; empty = the server as a whole, which is the default of the field and not written */
    static ByteBuf request(ByteBufAllocator allocator, String service) {
        var name = service.getBytes(StandardCharsets.UTF_8);
        // Seven bits to a byte, the lowest ones first; the top bit says that more follow.
        boolean two = name.length > 0x7f;
        int length = name.length == 0 ? 0 : 1 + (two ? 2 : 1) + name.length;
        var out = allocator.buffer(PREFIX + length).writeByte(0).writeInt(length);
        if (length > 0) {
            out.writeByte(SERVICE_KEY);
            if (two) {
                out.writeByte(name.length & 0x7f | 0x80).writeByte(name.length >>> 7);
            } else {
                out.writeByte(name.length);
            }
            out.writeBytes(name);
        }
        return out;
    }

    /** {@code UNIMPLEMENTED} for {@code 12}; what is no such number is given back as it is. */
    static String statusName(CharSequence code) {
        var text = code.toString();
        boolean known = text.matches("[0-9]{1,2}") && Integer.parseInt(text) < CODES.size();
        return known ? CODES.get(Integer.parseInt(text)) : text;
    }

    /** An answer, as it comes in parts. */
    static final class Answer {
        // The message has two bytes, and may have fields that are newer than we are.
        private static final int LONGEST = 1024;

        private static final int VARINT = 0;
        private static final int FIXED64 = 1;
        private static final int BYTES = 2;
        private static final int FIXED32 = 5;
        private static final int MALFORMED = -1;

        private final ByteBuf bytes = Unpooled.buffer(PREFIX + 2, LONGEST);

        /** Takes a copy of a part; false if it cannot belong to such an answer. */
        boolean add(ByteBuf part) {
            if (part.readableBytes() > LONGEST - bytes.readableBytes()) {
                return false;
            }
            bytes.writeBytes(part);
            return bytes.readableBytes() == 0 || bytes.getByte(0) == 0;
        }

        /** What the whole message says; null if it is none. */
        @Nullable
        Status status() {
            if (bytes.readableBytes() < PREFIX || bytes.getInt(1) != bytes.readableBytes() - PREFIX) {
                return null;
            }
            long status = 0; // the default of the field
            var fields = bytes.slice(PREFIX, bytes.readableBytes() - PREFIX);
            while (fields.isReadable()) {
                long key = varint(fields);
                long value = key == MALFORMED ? MALFORMED : value(fields, (int) key & 7);
                if (value == MALFORMED) {
                    return null;
                }
                status = key == STATUS_KEY ? value : status;
            }
            return status < Status.values().length ? Status.values()[(int) status] : Status.UNKNOWN;
        }

        /** The value of a number, or something that is none of ours. */
        private static long value(ByteBuf from, int kind) {
            long skipped = switch (kind) {
                case VARINT -> 0;
                case FIXED64 -> Long.BYTES;
                case FIXED32 -> Integer.BYTES;
                case BYTES -> varint(from);
                default -> MALFORMED;
            };
            if (kind == VARINT) {
                return varint(from);
            }
            if (skipped < 0 || skipped > from.readableBytes()) {
                return MALFORMED;
            }
            from.skipBytes((int) skipped);
            return 0;
        }

        /** Up to 63 bits: nothing here is negative. */
        private static long varint(ByteBuf from) {
            long value = 0;
            for (int shift = 0; shift < 63 && from.isReadable(); shift += 7) {
                int next = from.readByte();
                value |= (long) (next & 0x7f) << shift;
                if (next >= 0) {
                    return value;
                }
            }
            return MALFORMED;
        }
    }
}
